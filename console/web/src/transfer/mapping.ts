// Where the columns of a file go: guessed from the names that people and other tools use, then chosen by picking.

import type { FileColumn } from "./fileHead";

/** `input`, `metadata.split`, `ref_source_id`; "" is nowhere; `id` is the item's own id, to match by. */
export type Place = string;

const INPUTS = /^(inputs?|question|prompt|query|messages|problem|instruction|context|user_input|passage|text)$/i;
const OUTPUTS = /^(outputs?|expected[ _]?outputs?|expected|expected[ _]?(answer|response|result)|reference([ _]?(outputs?|answer))?|answer|target|labels?|ground[ _]?truth|ideal|gold|completion|solution)$/i;
const METADATA = /^(metadata|meta)$/i;
const SOURCES = /^(ref_source_id|source_?id|external_?id|case(_?id)?|example_?id|client_item_id)$/i;
const TRACES = /^(ref_trace_id|trace_?id|source_?trace_?id)$/i;
const TIMES = /^(ref_timestamp|source_timestamp)$/i;
export const OWN = ["input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id"];
/** What an export of ours has beside the fields; the service keeps its own. */
const KEPT = /^(created_at|updated_at|dataset|deleted|created_by|team)$/;

export function guessedPlaces(columns: readonly FileColumn[]): Map<string, Place> {
  const places = new Map<string, Place>();
  const isOurs = columns.some((each) => each.name === "input") && columns.some((each) => each.name === "created_at");
  const taken = new Set<string>();
  for (const { name } of columns) {
    const place = isOurs && (KEPT.test(name) || name === "id") ? (name === "id" ? "id" : "") : guess(name, columns);
    // Two columns cannot fill one place.
    const free = taken.has(place) && place !== "" ? `metadata.${name}` : place;
    taken.add(free);
    places.set(name, free);
  }
  return places;
}

function guess(name: string, columns: readonly FileColumn[]): Place {
  if (SOURCES.test(name)) return "ref_source_id";
  // A spreadsheet's own numbers or names of its rows.
  if (/^id$/i.test(name) && !columns.some((each) => SOURCES.test(each.name))) return "ref_source_id";
  if (TRACES.test(name)) return "ref_trace_id";
  if (TIMES.test(name)) return "ref_timestamp";
  if (METADATA.test(name)) return "metadata";
  if (/^(inputs?|messages)$/i.test(name)) return "input";
  if (INPUTS.test(name)) return `input.${name}`;
  if (OUTPUTS.test(name)) return columns.filter((each) => OUTPUTS.test(each.name)).length > 1 && !/^outputs?$/i.test(name) && columns.some((each) => /^outputs?$/i.test(each.name)) ? `metadata.${name}` : "output";
  return columns.some((each) => METADATA.test(each.name)) ? "" : `metadata.${name}`;
}

/** The choices for a column, in the order in which they are offered. */
export const placesFor = (name: string): readonly (readonly [Place, string])[] => [
  ["input", "input"],
  [`input.${name}`, `input.${name}`],
  ["output", "output"],
  [`output.${name}`, `output.${name}`],
  ["metadata", "metadata"],
  [`metadata.${name}`, `metadata.${name}`],
  ["ref_source_id", "source id"],
  ["ref_trace_id", "trace"],
  ["ref_timestamp", "time"],
  ...(name === "id" ? ([["id", "item id, to match by"]] as const) : []),
  ["", "Ignore"],
];

/** As the API takes it: what keeps its own name need not be said. */
export function mappingOf(places: ReadonlyMap<string, Place>): string | undefined {
  const said = [...places].filter(([name, place]) => place !== "" && place !== "id" && place !== name);
  // A field that something fills from elsewhere takes its own column along only when told.
  const fields = new Set(said.map(([, place]) => place.split(".")[0]));
  const own = [...places].filter(([name, place]) => place === name && fields.has(name));
  const all = [...own, ...said];
  return all.length ? JSON.stringify(Object.fromEntries(all)) : undefined;
}

/** Two columns for one place, or one inside the other, told before the service refuses it. */
export function clashOf(places: ReadonlyMap<string, Place>): string | null {
  const all = [...places].filter(([, place]) => place !== "" && place !== "id");
  for (const [i, [name, place]] of all.entries()) {
    const other = all.slice(i + 1).find(([, each]) => each === place || each.startsWith(`${place}.`) || place.startsWith(`${each}.`));
    if (other) return `“${name}” and “${other[0]}” both go to ${place.length < other[1].length ? place : other[1]}. Choose another place for one of them.`;
  }
  return null;
}
