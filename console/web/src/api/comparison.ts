// What differs between two revisions, item by item; the values stay text.

import { infiniteQueryOptions } from "@tanstack/react-query";
import { itemOf, pageOfParts, partsOf, type ContentField, type Item, type Page } from "../items/item";
import { kindOf, rawOf, sliceOf, stringOf, type Slice } from "../json/slice";
import { datasetPath } from "./datasets";
import { pathOf, request, withQuery } from "./http";

export const CHANGES = ["changed", "added", "removed"] as const;
export type ChangeKind = (typeof CHANGES)[number];

export interface ItemDifference {
  readonly id: string;
  readonly change: ChangeKind;
  /** Those that differ, of an item that is in both. */
  readonly fields: readonly ContentField[];
  readonly from: Item | null;
  readonly to: Item | null;
}

export interface Comparison extends Page<ItemDifference> {
  readonly from: number;
  readonly to: number;
  /** On the first page. */
  readonly counts: Readonly<Record<ChangeKind, number>>;
}

const PAGE = 50;
const NONE = { changed: 0, added: 0, removed: 0 };

function differenceOf(slice: Slice): ItemDifference {
  const parts = partsOf(slice);
  const item = (name: string): Item | null => {
    const part = parts.get(name);
    return part && kindOf(part) === "object" ? itemOf(part) : null;
  };
  const text = (name: string): string => stringOf(parts.get(name) ?? sliceOf('""')) ?? "";
  const fields = parts.get("fields");
  return {
    id: text("id"),
    change: text("change") as ChangeKind,
    fields: fields ? (JSON.parse(rawOf(fields)) as ContentField[]) : [],
    from: item("from"),
    to: item("to"),
  };
}

export function comparisonOf(text: string): Comparison {
  const parts = partsOf(sliceOf(text));
  const number = (name: string): number => Number(rawOf(parts.get(name) ?? sliceOf("0")));
  const counts = JSON.parse(rawOf(parts.get("counts") ?? sliceOf("null"))) as Record<ChangeKind, number> | null;
  return {
    ...pageOfParts(parts, differenceOf),
    from: number("from"),
    to: number("to"),
    counts: counts ?? NONE,
  };
}

export const comparisonPath = (project: string, dataset: string): string => `${datasetPath(project, dataset)}/diff/`;

export const comparison = (project: string, dataset: string, query: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ["comparison", project, dataset, query],
    initialPageParam: withQuery(comparisonPath(project, dataset), { ...query, limit: PAGE }),
    queryFn: async ({ pageParam, signal }) => comparisonOf((await request("GET", pageParam, { signal })).text),
    getNextPageParam: (last) => last.next && pathOf(last.next),
  });
