import { describe, expect, it } from "vitest";
import { comparisonOf } from "../api/comparison";
import { code, markdownOf } from "./markdown";
import { placesOf } from "./places";

const item = (input: string, output: string): string => `{"id":"i","dataset":"d","input":${input},"output":${output},"metadata":null,"ref_source_id":"s","deleted":false}`;
const TEXT = `{"from":1,"to":2,"counts":{"added":1,"removed":0,"changed":1},"count":2,"next":null,"results":[
  {"id":"i","change":"changed","fields":["output"],"from":${item('"q"', "1.0")},"to":${item('"q"', "1e400")}},
  {"id":"j","change":"added","fields":[],"from":null,"to":${item('{"a|b":"x\\ny","n":2.50}', "null")}}]}`;

describe("a comparison", () => {
  const found = comparisonOf(TEXT);

  it("keeps digits", () => {
    expect([found.from, found.to, found.counts]).toEqual([1, 2, { added: 1, removed: 0, changed: 1 }]);
    expect(markdownOf(found, found.results)).toContain("| i | `output` | `1.0` | `1e400` |");
  });

  it("names the places of an item that is new", () => {
    const [, added] = found.results;
    expect(added?.to && placesOf(added.to).map((each) => each.path)).toEqual(["input.a|b", "input.n", "ref_source_id"]);
    expect(markdownOf(found, found.results)).toContain("| j | `input.a\\|b` |  | `\"x\\ny\"` |");
  });
});

describe("code in Markdown", () => {
  it.each([
    ["a", "`a`"],
    ["a`b", "`` a`b ``"],
    ["``", "``` `` ```"],
    ["a\nb", "`a b`"],
  ])("%j", (text, made) => {
    expect(code(text)).toBe(made);
  });
});
