// What an import asks of the service, from what has been chosen on the page.

import type { Query } from "../api/http";
import type { Options } from "./OptionsCard";
import type { FileHead } from "./fileHead";
import { mappingOf, type Place } from "./mapping";

export function queryOf(head: FileHead, places: ReadonlyMap<string, Place>, options: Options): Query {
  return {
    import_format: head.format,
    mapping: mappingOf(places),
    ...(head.format === "csv" && head.delimiter !== "," ? { delimiter: head.delimiter === "\t" ? "tab" : head.delimiter } : {}),
    ...(options.cellsText ? { cells: "text" } : {}),
    ...(options.sheet ? { sheet: options.sheet } : {}),
    ...(options.match ? { match_on: options.match, on_conflict: "update" } : {}),
    ...(options.match && options.mirror ? { mirror: true } : {}),
  };
}
