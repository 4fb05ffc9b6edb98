import { describe, expect, it } from "vitest";
import { csvRows, textHead } from "./fileHead";
import { clashOf, guessedPlaces, mappingOf } from "./mapping";

const columns = (...names: string[]) => names.map((name) => ({ name, sample: "" }));

describe("the head of a file", () => {
  it("is read as CSV, with its delimiter", () => {
    const head = textHead('case;"the ""question""";answer\n1;"a;b\nc";18\n', "x.csv", false);
    expect(head.delimiter).toBe(";");
    expect(head.columns).toEqual([
      { name: "case", sample: "1" },
      { name: 'the "question"', sample: "a;b\nc" },
      { name: "answer", sample: "18" },
    ]);
  });

  it("is read as lines of JSON, all keys of them", () => {
    const head = textHead('{"question":"a","n":1.50}\n{"question":"b","extra":[1]}\n{"cut', "x.jsonl", true);
    expect(head.format).toBe("jsonl");
    expect(head.columns).toEqual([
      { name: "question", sample: "a" },
      { name: "n", sample: "1.50" },
      { name: "extra", sample: "[1]" },
    ]);
  });

  it("is read as an array that is cut off", () => {
    const head = textHead('[{"a":1},{"b":2},{"c":', "x.json", true);
    expect(head.format).toBe("json");
    expect(head.columns?.map((each) => each.name)).toEqual(["a", "b"]);
  });

  it("has rows with line breaks in cells", () => {
    expect(csvRows('a,b\r\n"1\n2",""\r\n', ",", 9)).toEqual([
      ["a", "b"],
      ["1\n2", ""],
    ]);
  });
});

describe("places of columns", () => {
  it.each([
    ["question,answer,split", { question: "input.question", answer: "output", split: "metadata.split" }],
    ["input,expected_output,metadata", { input: "input", expected_output: "output", metadata: "metadata" }],
    ["inputs,outputs", { inputs: "input", outputs: "output" }],
    ["case,prompt,ideal", { case: "ref_source_id", prompt: "input.prompt", ideal: "output" }],
    ["id,input,output,metadata,created_at,updated_at", { id: "id", input: "input", output: "output", metadata: "metadata", created_at: "", updated_at: "" }],
    ["input,output,expected", { input: "input", output: "output", expected: "metadata.expected" }],
  ])("of %s", (names, places) => {
    expect(Object.fromEntries(guessedPlaces(columns(...names.split(","))))).toEqual(places);
  });

  it("say only what the service would not do by itself", () => {
    expect(mappingOf(guessedPlaces(columns("input", "output")))).toBeUndefined();
    expect(mappingOf(guessedPlaces(columns("question", "answer")))).toBe('{"question":"input.question","answer":"output"}');
  });

  it("clash where two are one", () => {
    expect(clashOf(new Map([["a", "input"], ["b", "input.q"]]))).toMatch(/“a” and “b”/);
    expect(clashOf(new Map([["a", "input.p"], ["b", "input.q"]]))).toBeNull();
  });
});
