import { describe, expect, it } from "vitest";
import { sliceOf } from "../json/slice";
import { withKey } from "./metadataKey";

describe("a key in metadata", () => {
  it.each([
    ["null", '{"k":1}'],
    ["{}", '{"k":1}'],
    ['{"a":1}', '{"a":1,"k":1}'],
    ['{"a": ", ","b": 2}', '{"a": ", ","b": 2,"k": 1}'],
    ['{"a": 1.50}', '{"a": 1.50, "k": 1}'],
    ['{"a":1,"b":2}', '{"a":1,"b":2,"k":1}'],
    ['{"k": "x", "z": 1e400}', '{"k": 1, "z": 1e400}'],
    ['{"k":1,"k":2}', '{"k":1,"k":1}'],
    ['{ "a" : [1, {"k":3}] }', '{ "a" : [1, {"k":3}], "k": 1 }'],
  ])("in %s", (before, after) => {
    expect(withKey(sliceOf(before), "k", "1")).toBe(after);
  });

  it("has no place elsewhere", () => {
    expect(withKey(sliceOf("[1]"), "k", "1")).toBeNull();
  });

  it("is found in a slice of a longer text", () => {
    const text = '{"metadata": {"a": 1}, "x": 2}';
    expect(withKey({ text, start: 13, end: 21 }, "k", '"v"')).toBe('{"a": 1, "k": "v"}');
  });
});
