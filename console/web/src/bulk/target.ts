// What a bulk action is about, as the API takes it; more than it takes at once goes in parts.

import { pathOf, request, revisionOf, type Query } from "../api/http";
import { itemsPath } from "../api/items";
import { pageOf, partsOf } from "../items/item";
import type { Selection } from "../items/selection";
import { stringOf, type Slice } from "../json/slice";

/** The most that the API changes at once. */
export const MOST = 10_000;
const PAGE = 1_000;

export type Part = { readonly ids: readonly string[] } | { readonly filter: Readonly<Record<string, string>> };

export interface Target {
  readonly project: string;
  readonly dataset: string;
  readonly query: Query;
  readonly selection: Selection;
  readonly count: number;
}

const NO_CONDITION = new Set(["order_by", "strict", "limit", "offset", "cursor", "fields"]);

export const conditionsOf = (query: Query): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([name, value]) => !NO_CONDITION.has(name) && value !== undefined && value !== "").map(([name, value]) => [name, String(value)]));

/** The parts of at most `MOST` items; their ids are read first where there are several, since a part may end to match. */
export async function partsOfTarget({ project, query, selection, count }: Target, tell: (found: number) => void): Promise<Part[]> {
  if (selection.kind === "all" && count <= MOST) return [{ filter: conditionsOf(query) }];
  const ids = selection.kind === "some" ? [...selection.items.keys()] : await readIds(project, query, tell);
  return Array.from({ length: Math.ceil(ids.length / MOST) }, (_, i) => ({ ids: ids.slice(i * MOST, (i + 1) * MOST) }));
}

async function readIds(project: string, query: Query, tell: (found: number) => void): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pagesOf(project, query, "id")) {
    page.forEach((slice) => ids.push(idOf(slice)));
    tell(ids.length);
  }
  return ids;
}

export const idOf = (slice: Slice): string => {
  const id = partsOf(slice).get("id");
  return (id && stringOf(id)) ?? "";
};

/** All items that match, by cursor, as they came. */
export async function* pagesOf(project: string, query: Query, fields: string): AsyncGenerator<Slice[]> {
  let url: string | null = `${itemsPath(project)}/`;
  let first: Query | undefined = { ...query, order_by: "created_at", fields, limit: PAGE, cursor: "", strict: true };
  while (url) {
    const { text } = await request("GET", url, { query: first });
    const page: { next: string | null; results: Slice[] } = pageOf(text, (slice) => slice);
    yield page.results;
    first = undefined;
    url = page.next && pathOf(page.next);
  }
}

export interface Outcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  /** The revision that it made; null where it made none, or several datasets have one. */
  readonly revision: number | null;
  readonly ids: readonly string[];
}

const NO_OUTCOME: Outcome = { created: 0, updated: 0, unchanged: 0, skipped: 0, revision: null, ids: [] };

export function outcomeOf(text: string, headers: Headers): Outcome {
  const body = JSON.parse(text) as { created?: number; updated?: number; unchanged?: number; skipped?: number; dataset_revision?: number | null; results?: { id?: string; status?: string }[] };
  return {
    created: body.created ?? 0,
    updated: body.updated ?? 0,
    unchanged: body.unchanged ?? 0,
    skipped: body.skipped ?? 0,
    revision: body.dataset_revision ?? revisionOf(headers),
    ids: (body.results ?? []).filter((each) => each.status === "updated").map((each) => each.id ?? ""),
  };
}

export const total = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce(
    (sum, each) => ({
      created: sum.created + each.created,
      updated: sum.updated + each.updated,
      unchanged: sum.unchanged + each.unchanged,
      skipped: sum.skipped + each.skipped,
      revision: sum.revision ?? each.revision,
      ids: [...sum.ids, ...each.ids],
    }),
    NO_OUTCOME,
  );

export async function patchPart(project: string, part: Part, changes: object, dryRun: boolean, message?: string): Promise<Outcome> {
  const sent = { query: dryRun ? { dry_run: true } : {}, body: JSON.stringify({ ...part, changes }), message: dryRun ? undefined : message };
  const { text, headers } = await request("PATCH", `${itemsPath(project)}/bulk/`, sent);
  return outcomeOf(text, headers);
}
