import { describe, expect, it } from "vitest";
import { apiQueryOf, columnsOf, columnsText, filtersOf, parameterOf, parseSearch, stringifySearch } from "./search";

describe("the address", () => {
  it("is the API's query and the page's own words", () => {
    const search = parseSearch("?search=2%2B2&metadata__split__ne=train&columns=input.q!,output&item=1&order_by=updated_at");
    expect(apiQueryOf(search)).toEqual({ search: "2+2", metadata__split__ne: "train", order_by: "updated_at" });
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it("keeps hostile values", () => {
    const search = { search: '"><script>&=#%00', "metadata__a b": "ü,;" };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it("leaves out what is empty", () => {
    expect(stringifySearch({ search: "", item: undefined })).toBe("");
  });
});

describe("filters", () => {
  it.each([
    ["metadata__split", "metadata.split", "is"],
    ["metadata__split__ne", "metadata.split", "ne"],
    ["metadata__a.b__gte", "metadata.a.b", "gte"],
    ["input__contains", "input", "contains"],
    ["created_at__gte", "created_at", "gte"],
    ["ref_source_id", "ref_source_id", "is"],
    ["metadata__a__b", "metadata.a__b", "is"],
  ] as const)("reads %s", (name, subject, operator) => {
    expect(filtersOf({ [name]: "v" })).toEqual([{ name, subject, operator, value: "v" }]);
    expect(parameterOf(subject, operator)).toBe(name);
  });

  it("leaves other parameters alone", () => {
    expect(filtersOf({ search: "x", order_by: "created_at", revision: "3", metadata_split: "y" })).toEqual([]);
  });
});

describe("columns", () => {
  it("come back as they went", () => {
    const columns = [
      { id: "input.a,b!~", pinned: true },
      { id: "output", pinned: false },
    ];
    expect(columnsOf({ columns: columnsText(columns) })).toEqual(columns);
    expect(columnsOf({})).toBeNull();
  });
});
