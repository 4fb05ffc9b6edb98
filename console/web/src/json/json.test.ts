import { describe, expect, it } from "vitest";
import { lineOf, problemOf } from "./check";
import { changesBetween, wordDifference } from "./difference";
import { inStyleOf, prettyOf, tokensOf } from "./format";
import { cut, messagesOf, previewOf } from "./preview";
import { elementsOf, kindOf, memberOf, membersOf, rawOf, sliceOf, splice, stringOf, type Slice } from "./slice";

const HOSTILE = [
  "123456789012345678901234567890.10",
  "1e400",
  "-0.0",
  '{"b":1,"a":2,"b":3}',
  '{ "z" : [ 1.50 , 2E+3 ] }',
  '"</script><img src=x onerror=alert(1)>"',
  '"\\\\"',
  '"a\\"b\\\\\\"c"',
  '{"__proto__":{"x":1},"constructor":null}',
  '["\\u0022","]","}",{"k,":":"}]',
  '""',
  "[]",
  "{}",
  "null",
];

describe("slices", () => {
  it.each(HOSTILE)("find the end of %s", (raw) => {
    expect(rawOf(sliceOf(`  ${raw} `))).toBe(raw);
  });

  it("keep members in order, repeated ones too", () => {
    const members = membersOf(sliceOf('{"b":1,"a": {"x":[1,2]} ,"b":3.10}'));
    expect(members.map(({ key, value }) => [key, rawOf(value)])).toEqual([
      ["b", "1"],
      ["a", '{"x":[1,2]}'],
      ["b", "3.10"],
    ]);
  });

  it("take the last of a repeated key", () => {
    const found = memberOf(sliceOf('{"b":1,"b":3.10}'), "b");
    expect(found && rawOf(found)).toBe("3.10");
  });

  it("tell elements apart whatever texts hold", () => {
    expect(elementsOf(sliceOf('["],[", {"a":"]"}, 1]')).map(rawOf)).toEqual(['"],["', '{"a":"]"}', "1"]);
  });

  it("stop at a limit", () => {
    expect(elementsOf(sliceOf("[1,2,3]"), 2)).toHaveLength(2);
  });

  it("tell kinds", () => {
    expect(["{}", "[]", '""', "-1", "true", "null"].map((raw) => kindOf(sliceOf(raw)))).toEqual([
      "object",
      "array",
      "string",
      "number",
      "boolean",
      "null",
    ]);
  });

  it("replace one value and leave the rest to the letter", () => {
    const text = '{"b": 1.0,  "a":{"q":"x"}}';
    const inner = memberOf(memberOf(sliceOf(text), "a") as Slice, "q") as Slice;
    expect(stringOf(inner)).toBe("x");
    expect(splice(inner, '"y"')).toBe('{"b": 1.0,  "a":{"q":"y"}}');
  });
});

describe("format", () => {
  it.each(HOSTILE)("keeps the tokens of %s", (raw) => {
    const pretty = prettyOf(sliceOf(raw));
    expect([...tokensOf(sliceOf(pretty))]).toEqual([...tokensOf(sliceOf(raw))]);
    expect(problemOf(pretty)).toBeNull();
  });

  it("indents by two", () => {
    expect(prettyOf(sliceOf('{"a":[1,{}],"b":[]}'))).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}');
  });

  it("gives an edit the spacing of the original", () => {
    expect(inStyleOf(sliceOf('{"a": 1, "b": 2}'), sliceOf('{\n  "a": 1.0,\n  "b": 2\n}'))).toBe('{"a": 1.0, "b": 2}');
    expect(inStyleOf(sliceOf('{"a":1,"b":2}'), sliceOf('{\n  "a": 1.0,\n  "b": 2\n}'))).toBe('{"a":1.0,"b":2}');
    expect(inStyleOf(sliceOf('{ "a":1 }'), sliceOf('{\n  "a": 2\n}'))).toBe('{\n  "a": 2\n}');
  });
});

describe("problems", () => {
  it.each(HOSTILE)("has none with %s", (raw) => {
    expect(problemOf(raw)).toBeNull();
  });

  it.each([
    ["", 0],
    ["{'a': 1}", 1],
    ['{"a": 1,}', 8],
    ["[1,]", 3],
    ["[1 2]", 3],
    ["01", 0],
    ["1.", 0],
    ["NaN", 0],
    ['"a\nb"', 2],
    ['"\\x"', 1],
    ['{"a"}', 4],
    ["1 2", 2],
    ['"open', 0],
  ])("finds where %j stops being JSON", (text, at) => {
    expect(problemOf(text)?.at).toBe(at);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  it("refuses what nests too deep", () => {
    expect(problemOf("[".repeat(5000))?.message).toMatch(/250/);
  });

  it("counts lines from one", () => {
    expect(lineOf("a\nb\nc", 4)).toBe(3);
  });
});

describe("previews", () => {
  const text = (raw: string, width = 80): string =>
    previewOf(sliceOf(raw), width)
      .map((piece) => piece.text)
      .join(" ");

  it("shows members with their keys", () => {
    expect(text('{"question":"2 + 2?","n":1.50}')).toBe("question 2 + 2? n 1.50");
  });

  it("shows chat messages by role", () => {
    expect(text('[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]')).toBe("user Hi assistant Hello");
    expect(messagesOf(sliceOf('[{"role":"user"}]'))).toBeNull();
  });

  it("reads no more of a long value than it shows", () => {
    const long = `"${"a\\n\\u00e9".repeat(200_000)}"`;
    expect(cut(sliceOf(long), 50)).toHaveLength(50);
    for (let room = 40; room < 60; room++) expect(cut(sliceOf(`"${"\\\\".repeat(9000)}"`), room)).toHaveLength(room);
  });
});

describe("differences", () => {
  it("take a number as one word", () => {
    expect(wordDifference("costs 1.50 now", "costs 1.75 now").map((side) => side.filter((each) => each.differs))).toEqual([[{ text: "1.50", differs: true }], [{ text: "1.75", differs: true }]]);
  });

  const paths = (a: string, b: string): string[] => changesBetween(sliceOf(a), sliceOf(b), "").map((each) => each.path);

  it("names the places that differ", () => {
    expect(paths('{"a":1,"b":{"c":[1,2]}}', '{"a":1.0,"b":{"c":[1,3]},"d":null}')).toEqual(["a", "b.c.1", "d"]);
  });

  it("says so when only the spelling differs", () => {
    expect(paths('{"a":1}', '{"a": 1}')).toEqual([""]);
    expect(changesBetween(sliceOf('{"a":1}'), sliceOf('{"a": 1}'), "")[0]?.isSpacing).toBe(true);
    expect(changesBetween(sliceOf('{"a":1,"b":2}'), sliceOf('{"b":2,"a":1}'), "")[0]?.isSpacing).toBe(false);
  });

  it("leaves out white space beside what differs in value", () => {
    expect(paths('{"a":{"b":1},"c":2}', '{"a":{"b": 1},"c":3}')).toEqual(["c"]);
  });

  it("compares objects with repeated keys as wholes", () => {
    expect(paths('{"a":1,"a":2}', '{"a":2}')).toEqual([""]);
  });

  it("marks the words that differ", () => {
    const [before, after] = wordDifference("walk the next two miles", "walk the next 2.0 miles");
    expect(before.filter((each) => each.differs).map((each) => each.text)).toEqual(["two"]);
    expect(after.filter((each) => each.differs).map((each) => each.text)).toEqual(["2.0"]);
    expect(after.map((each) => each.text).join("")).toBe("walk the next 2.0 miles");
  });
});
