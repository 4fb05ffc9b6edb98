import { describe, expect, it } from "vitest";
import { mergedText, preferredText, sliceAt } from "./merge";
import { rawOf, sliceOf } from "./slice";

describe("merging", () => {
  const base = '{"q": "2 + 2", "n": 1.50, "tags": ["a", "b"]}';

  it("joins edits of different places, to the letter", () => {
    const mine = base.replace("2 + 2", "3 + 3");
    const theirs = base.replace("1.50", "1.5000");
    expect(mergedText(base, mine, theirs)).toBe('{"q": "3 + 3", "n": 1.5000, "tags": ["a", "b"]}');
  });

  it("joins edits of different elements", () => {
    expect(mergedText(base, base.replace('"a"', '"A"'), base.replace('"b"', '"B"'))).toBe(base.replace('"a", "b"', '"A", "B"'));
  });

  it("does not decide between edits of one place", () => {
    expect(mergedText(base, base.replace("1.50", "1"), base.replace("1.50", "2"))).toBeNull();
    expect(mergedText("1", "2", "3")).toBeNull();
  });

  it("takes the only edit", () => {
    expect(mergedText(base, base, "1")).toBe("1");
    expect(mergedText(base, "1", base)).toBe("1");
  });

  it("prefers one side where both changed a place, and joins the rest", () => {
    const mine = base.replace("1.50", "1").replace('"a"', '"A"');
    const theirs = base.replace("1.50", "2").replace("2 + 2", "3 + 3");
    expect(preferredText(base, mine, theirs)).toBe('{"q": "3 + 3", "n": 1, "tags": ["A", "b"]}');
    expect(preferredText(base, theirs, mine)).toBe('{"q": "3 + 3", "n": 2, "tags": ["A", "b"]}');
    expect(preferredText("1", "2", "3")).toBe("2");
  });

  it("leaves what was added to a person", () => {
    expect(mergedText("{}", '{"a":1}', '{"b":1}')).toBeNull();
  });
});

describe("places", () => {
  it.each([
    ["a.b.1", "3"],
    ["a.b", "[2,3]"],
    ["x.y", "4"],
    ["", '{"a":{"b":[2,3]},"x.y":4}'],
  ])("finds %s", (path, raw) => {
    const found = sliceAt(sliceOf('{"a":{"b":[2,3]},"x.y":4}'), path);
    expect(found && rawOf(found)).toBe(raw);
  });

  it("knows what is not there", () => {
    expect(sliceAt(sliceOf("[1]"), "1")).toBeNull();
  });
});
