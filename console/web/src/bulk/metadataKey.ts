// Sets one key in the metadata of many items, and leaves the rest of each to the letter.

import { request } from "../api/http";
import { itemsPath } from "../api/items";
import { partsOf } from "../items/item";
import { kindOf, membersOf, rawOf, sliceOf, splice, type Slice } from "../json/slice";
import { MOST, idOf, outcomeOf, pagesOf, type Outcome, type Target } from "./target";

// The API takes bodies of 20 MiB; letters may take four bytes.
const LONGEST = 4_000_000;

/** The metadata with that key, spaced as the others are, or null where it is neither an object nor null. */
export function withKey(metadata: Slice, key: string, raw: string): string | null {
  const kind = kindOf(metadata);
  const name = JSON.stringify(key);
  if (kind === "null") return `{${name}:${raw}}`;
  if (kind !== "object") return null;
  const whole = sliceOf(rawOf(metadata));
  const members = membersOf(whole);
  const present = members.findLast((each) => each.key === key);
  if (present) return splice(present.value, raw);
  const last = members.at(-1);
  if (!last) return `{${name}:${raw}}`;
  const colon = whole.text[last.value.start - 1] === " " ? ": " : ":";
  const before = members.at(-2);
  const isSpaced = before ? /^\s*,\s/.test(whole.text.slice(before.value.end)) : colon === ": ";
  return splice({ ...whole, start: last.value.end, end: last.value.end }, `${isSpaced ? ", " : ","}${name}${colon}${raw}`);
}

export interface Batch {
  readonly lines: readonly string[];
  readonly ids: readonly string[];
}

/** Lines for the API, in batches that it takes, and how many items cannot have a key. */
export async function batchesFor(target: Target, key: string, raw: string, tell: (found: number) => void): Promise<{ batches: Batch[]; unfit: number }> {
  const batches: { lines: string[]; ids: string[]; size: number }[] = [];
  let unfit = 0;
  let found = 0;
  const add = (id: string, metadata: Slice): void => {
    const made = withKey(metadata, key, raw);
    if (made === null) return void unfit++;
    const line = `{"id":${JSON.stringify(id)},"metadata":${made.replace(/[\n\r]/g, " ")}}`;
    let batch = batches.at(-1);
    if (!batch || batch.ids.length >= MOST || batch.size + line.length > LONGEST) batches.push((batch = { lines: [], ids: [], size: 0 }));
    batch.lines.push(line);
    batch.ids.push(id);
    batch.size += line.length;
  };
  if (target.selection.kind === "some") for (const item of target.selection.items.values()) add(item.id, item.metadata);
  else
    for await (const page of pagesOf(target.project, target.query, "id,metadata")) {
      page.forEach((slice) => add(idOf(slice), partsOf(slice).get("metadata") ?? sliceOf("null")));
      tell((found += page.length));
    }
  return { batches, unfit };
}

export async function sendBatch(target: Target, { lines }: Batch, dryRun: boolean, message?: string): Promise<Outcome> {
  const query = { dataset: target.dataset, match_on: "id", on_conflict: "update", ...(dryRun ? { dry_run: true } : {}) };
  const { text, headers } = await request("POST", `${itemsPath(target.project)}/bulk/`, {
    query,
    body: lines.join("\n"),
    headers: { "Content-Type": "application/x-ndjson" },
    message: dryRun ? undefined : message,
  });
  return outcomeOf(text, headers);
}
