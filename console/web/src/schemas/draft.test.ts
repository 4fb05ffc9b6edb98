import { describe, expect, it } from "vitest";
import { draftedSchema } from "./draft";

const keys = [
  { key: "question", count: 10, types: { string: 10 } },
  { key: "hint", count: 4, types: { string: 3, null: 1 } },
];

describe("a drafted schema", () => {
  it("requires the keys that every object has", () => {
    expect(JSON.parse(draftedSchema({ present: 10, types: { object: 10 }, keys }, 10))).toEqual({
      type: "object",
      properties: { question: { type: "string" }, hint: { type: ["null", "string"] } },
      required: ["question"],
    });
  });

  it("allows null where the field may be absent", () => {
    expect(JSON.parse(draftedSchema({ present: 9, types: { number: 9 }, keys: [] }, 10))).toEqual({ type: ["number", "null"] });
  });

  it("names all types that were seen", () => {
    expect(JSON.parse(draftedSchema({ present: 10, types: { string: 4, number: 6 }, keys: [] }, 10))).toEqual({ type: ["number", "string"] });
  });
});
