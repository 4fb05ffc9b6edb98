// Groups of items that are equal in some of their fields.

import { infiniteQueryOptions } from "@tanstack/react-query";
import { CONTENT_FIELDS, itemOf, pageOf, type ContentField, type Item } from "../items/item";
import { datasetPath, type Page } from "./datasets";
import { request } from "./http";
import { itemsPath } from "./items";

export interface DuplicateGroup {
  readonly count: number;
  readonly oldest: string;
  /** Oldest first, at most a hundred. */
  readonly ids: readonly string[];
  /** The oldest as it is; undefined where it has just been archived. */
  readonly item: Item | undefined;
}

export interface ArchivedDuplicates {
  readonly dataset_revision: number;
  readonly groups: number;
  readonly archived: number;
  readonly remaining: number;
}

const PAGE = 50;

export const duplicatesPath = (project: string, dataset: string): string => `${datasetPath(project, dataset)}/duplicates/`;

/** In the order of the fields, so that one choice has one address. */
export const fieldsOf = (text: string | undefined): ContentField[] => {
  const names = new Set((text ?? "input").split(","));
  return CONTENT_FIELDS.filter((field) => names.has(field));
};

export const duplicates = (project: string, dataset: string, on: string) =>
  infiniteQueryOptions({
    queryKey: ["duplicates", project, dataset, on],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }): Promise<Page<DuplicateGroup>> => {
      const { text } = await request("GET", duplicatesPath(project, dataset), { query: { on, limit: PAGE, offset: pageParam }, signal });
      const page = JSON.parse(text) as Page<Omit<DuplicateGroup, "item">>;
      const items = page.results.length ? await readItems(project, dataset, page.results.map((each) => each.oldest), signal) : new Map<string, Item>();
      return { ...page, results: page.results.map((each) => ({ ...each, item: items.get(each.oldest) })) };
    },
    getNextPageParam: (last, pages) => (last.next ? pages.length * PAGE : null),
    retry: false,
  });

async function readItems(project: string, dataset: string, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Item>> {
  const { text } = await request("GET", `${itemsPath(project)}/`, { query: { dataset, id__in: ids.join(","), limit: ids.length }, signal });
  return new Map(pageOf(text, itemOf).results.map((item) => [item.id, item]));
}

export async function archiveDuplicates(project: string, dataset: string, on: string, dryRun: boolean): Promise<ArchivedDuplicates> {
  const { text } = await request("POST", duplicatesPath(project, dataset), {
    query: { on, ...(dryRun ? { dry_run: true } : {}) },
    message: dryRun ? undefined : `Archive duplicates by ${on}`,
  });
  return JSON.parse(text) as ArchivedDuplicates;
}
