// An item as the console holds it: values as slices of the text that came, the rest decoded.

import type { User } from "../api/client";
import { elementsOf, kindOf, membersOf, rawOf, sliceOf, stringOf, type Slice } from "../json/slice";

export const JSON_FIELDS = ["input", "output", "metadata"] as const;
export const REF_FIELDS = ["ref_source_id", "ref_trace_id", "ref_timestamp"] as const;
export type JSONField = (typeof JSON_FIELDS)[number];
export type RefField = (typeof REF_FIELDS)[number];
export type ContentField = JSONField | RefField;
export const CONTENT_FIELDS: readonly ContentField[] = [...JSON_FIELDS, ...REF_FIELDS];

export interface Item {
  readonly id: string;
  readonly dataset: string;
  readonly input: Slice;
  readonly output: Slice;
  readonly metadata: Slice;
  readonly ref_source_id: string | null;
  readonly ref_trace_id: string | null;
  readonly ref_timestamp: string | null;
  readonly deleted: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: User | null;
  /** All of it, as it came. */
  readonly source: Slice;
}

const NULL = sliceOf("null");

export const partsOf = (slice: Slice): Map<string, Slice> => new Map(membersOf(slice).map(({ key, value }) => [key, value]));

export function itemOf(source: Slice): Item {
  const parts = partsOf(source);
  const text = (name: string): string | null => {
    const part = parts.get(name);
    return part ? stringOf(part) : null;
  };
  const author = parts.get("created_by");
  return {
    id: text("id") ?? "",
    dataset: text("dataset") ?? "",
    input: parts.get("input") ?? NULL,
    output: parts.get("output") ?? NULL,
    metadata: parts.get("metadata") ?? NULL,
    ref_source_id: text("ref_source_id"),
    ref_trace_id: text("ref_trace_id"),
    ref_timestamp: text("ref_timestamp"),
    deleted: isTrue(parts.get("deleted")),
    created_at: text("created_at") ?? "",
    updated_at: text("updated_at") ?? "",
    created_by: author ? (JSON.parse(rawOf(author)) as User | null) : null,
    source,
  };
}

const isTrue = (slice: Slice | undefined): boolean => slice !== undefined && rawOf(slice) === "true";

export interface Page<T> {
  readonly count: number;
  readonly next: string | null;
  readonly results: T[];
}

/** A page of a list whose elements hold values of items. */
export const pageOf = <T>(text: string, each: (slice: Slice) => T): Page<T> => pageOfParts(partsOf(sliceOf(text)), each);

export function pageOfParts<T>(parts: ReadonlyMap<string, Slice>, each: (slice: Slice) => T): Page<T> {
  const count = parts.get("count");
  const next = parts.get("next");
  const results = parts.get("results");
  return {
    count: count && kindOf(count) === "number" ? Number(rawOf(count)) : 0,
    next: next ? stringOf(next) : null,
    results: results ? elementsOf(results).map(each) : [],
  };
}
