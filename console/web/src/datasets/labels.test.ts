import { describe, expect, it } from "vitest";
import { labelsText, withLabels } from "./labels";

describe("labels", () => {
  it.each([
    ["", ""],
    ["{}", ""],
    ['{"n": 1.0, "labels": ["math", "hard"]}', "math, hard"],
    ['{"labels": "math"}', null],
    ['{"labels": ["a,b"]}', null],
    ["[1]", null],
    ["{", null],
  ])("of %s", (metadata, text) => {
    expect(labelsText(metadata)).toBe(text);
  });

  it.each([
    ["", " math,hard, ", '{\n  "labels": ["math", "hard"]\n}'],
    ['{"n": 1.00, "labels": ["x"], "o": 1e400}', "math", '{"n": 1.00, "labels": ["math"], "o": 1e400}'],
    ['{"n": 1.00}', "math", '{"n": 1.00,\n  "labels": ["math"]}'],
    ["{}", "math", '{\n  "labels": ["math"]\n}'],
  ])("in %s", (metadata, text, made) => {
    expect(withLabels(metadata, text)).toBe(made);
  });
});
