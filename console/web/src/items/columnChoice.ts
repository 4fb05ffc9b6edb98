// Which columns there are, which are shown unless somebody chooses, and how wide: by what the dataset holds.

import type { FieldStats, Stats } from "../api/datasets";
import type { Column } from "../app/search";
import { previewOf } from "../json/preview";
import { kindOf, memberOf, membersOf, stringOf, type Slice } from "../json/slice";
import { JSON_FIELDS, type Item, type JSONField } from "./item";

export interface ColumnInfo {
  readonly id: string;
  /** What stands in the head: the key, and dimmed the field that it is in. */
  readonly label: string;
  readonly field: string;
  /** Items that have it, of those that were looked at. */
  readonly count: number | null;
  readonly types: readonly string[];
}

export interface ColumnLook {
  readonly isNumber: boolean;
  readonly isTag: boolean;
  readonly width: number;
  readonly grows: boolean;
}

const LABELS: Readonly<Record<string, string>> = {
  input: "input",
  output: "output",
  metadata: "metadata",
  ref_source_id: "source id",
  ref_trace_id: "trace",
  ref_timestamp: "time",
  created_at: "created",
  updated_at: "changed",
  created_by: "by",
  id: "id",
};

const PLAIN = ["ref_source_id", "ref_trace_id", "ref_timestamp", "created_at", "updated_at", "created_by", "id"];

export function partsOfColumn(id: string): { field: string; key: string | null } {
  const dot = id.indexOf(".");
  return dot < 0 ? { field: id, key: null } : { field: id.slice(0, dot), key: id.slice(dot + 1) };
}

export function infoOf(id: string, known?: readonly ColumnInfo[]): ColumnInfo {
  const found = known?.find((each) => each.id === id);
  if (found) return found;
  const { field, key } = partsOfColumn(id);
  return { id, label: key ?? LABELS[field] ?? field, field: key === null ? "" : field, count: null, types: [] };
}

/** All that the service has counted; where it has not, what the first rows have, without numbers. */
export function availableColumns(stats: Stats | undefined, rows: readonly Item[]): ColumnInfo[] {
  const columns: ColumnInfo[] = [];
  for (const field of JSON_FIELDS) {
    const of = stats?.fields[field] ?? statsOf(field, rows);
    const counted = stats !== undefined;
    columns.push({ ...infoOf(field), count: counted ? of.present : null, types: Object.keys(of.types) });
    for (const { key, count, types } of of.keys) {
      columns.push({ id: `${field}.${key}`, label: key, field, count: counted ? count : null, types: Object.keys(types) });
    }
  }
  for (const id of PLAIN) columns.push({ ...infoOf(id), count: stats?.present[id] ?? null });
  return columns;
}

const MOST_MEMBERS = 100;
// A key is a column of its own where at least so many of the items have it.
const COMMON = 0.5;
const MOST_KEYS = { input: 3, output: 2, metadata: 4 } as const;

/** By the first rows: counting all of a large dataset would keep people waiting. */
export function defaultColumns(rows: readonly Item[]): Column[] {
  const ids = JSON_FIELDS.flatMap((field) => columnsOfField(field, statsOf(field, rows)));
  if (rows.some((row) => row.ref_source_id !== null)) ids.push("ref_source_id");
  ids.push("updated_at");
  return ids.map((id) => ({ id, pinned: false }));
}

function statsOf(field: JSONField, rows: readonly Item[]): FieldStats {
  const types: Record<string, number> = {};
  const keys = new Map<string, { count: number; types: Record<string, number> }>();
  let present = 0;
  for (const row of rows) {
    const value = row[field];
    const kind = kindOf(value);
    if (kind === "null") continue;
    present++;
    types[kind] = (types[kind] ?? 0) + 1;
    for (const { key, value: inner } of new Map(membersOf(value, MOST_MEMBERS).map((each) => [each.key, each])).values()) {
      const seen = keys.get(key) ?? { count: 0, types: {} };
      seen.count++;
      seen.types[kindOf(inner)] = (seen.types[kindOf(inner)] ?? 0) + 1;
      keys.set(key, seen);
    }
  }
  const sorted = [...keys].map(([key, seen]) => ({ key, ...seen })).sort((a, b) => b.count - a.count);
  return { present, types, keys: sorted.slice(0, MOST_MEMBERS) };
}

function columnsOfField(field: JSONField, { present, types, keys }: FieldStats): string[] {
  if (!present) return field === "metadata" ? [] : [field];
  const objects = types["object"] ?? 0;
  const total = Object.values(types).reduce((sum, each) => sum + each, 0);
  const common = keys.filter((each) => each.count >= total * COMMON).slice(0, MOST_KEYS[field]);
  // Messages are shown as messages.
  if (objects === total && ["role", "content"].every((name) => keys.some((each) => each.key === name && each.count === total))) return [field];
  // Objects alone, whose keys are few enough to be columns: else the field itself.
  return objects === total && common.length ? common.map((each) => `${field}.${each.key}`) : [field];
}

export function valueAt(item: Item, id: string): Slice | null {
  const { field, key } = partsOfColumn(id);
  if (!(JSON_FIELDS as readonly string[]).includes(field)) return null;
  const value = item[field as JSONField];
  if (key === null) return value;
  return kindOf(value) === "object" ? (memberOf(value, key) ?? null) : null;
}

/** Of texts; less than this only where the window leaves no room. */
const LONG = 180;

const WIDTHS: Readonly<Record<string, number>> = {
  ref_source_id: 132,
  ref_trace_id: 132,
  ref_timestamp: 176,
  created_at: 108,
  updated_at: 108,
  created_by: 96,
  id: 128,
};

/** Names that people give differ in their last letters. */
function widthOfRefs(id: string, rows: readonly Item[]): number {
  if (id !== "ref_source_id" && id !== "ref_trace_id") return 0;
  return Math.min(240, 28 + 7.4 * Math.max(0, ...rows.map((row) => row[id]?.length ?? 0)));
}

/** How a column looks, told from the first rows. */
export function lookOf(id: string, rows: readonly Item[]): ColumnLook {
  const plain = WIDTHS[id];
  if (plain) return { isNumber: false, isTag: false, width: Math.max(plain, widthOfRefs(id, rows)), grows: false };
  const values = rows.map((row) => valueAt(row, id)).filter((each): each is Slice => each !== null && kindOf(each) !== "null");
  if (!values.length) return { isNumber: false, isTag: false, width: 160, grows: true };
  if (values.every((each) => kindOf(each) === "number")) {
    const digits = Math.max(...values.map((each) => each.end - each.start));
    return { isNumber: true, isTag: false, width: Math.min(200, Math.max(80, 28 + digits * 8)), grows: false };
  }
  const short = values.every((each) => (kindOf(each) === "string" || kindOf(each) === "boolean") && each.end - each.start <= 26);
  if (!short) return { isNumber: false, isTag: false, width: LONG, grows: true };
  const texts = values.map((each) => stringOf(each) ?? "");
  const longest = Math.max(...texts.map((each) => each.length));
  const kinds = new Set(texts).size;
  const isTag = kinds < texts.length && kinds <= Math.max(2, Math.min(8, texts.length / 4));
  return { isNumber: false, isTag, width: Math.min(220, 44 + longest * 8), grows: false };
}

// A line of a card holds so many characters.
const CARD_LINE = 46;

/** Lines of the first column where rows are cards: one, unless a text of the first rows needs two. */
export const cardLines = (id: string | undefined, rows: readonly Item[]): 1 | 2 =>
  id !== undefined && rows.some((row) => previewLength(valueAt(row, id)) > CARD_LINE) ? 2 : 1;

const previewLength = (value: Slice | null): number => (value ? previewOf(value, 2 * CARD_LINE).reduce((sum, { text }) => sum + text.length + 1, 0) : 0);

export interface ValueCount {
  readonly text: string;
  readonly count: number;
}

/** The commonest short values of a column among rows that are loaded. */
export function commonValues(id: string, rows: readonly Item[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = valueAt(row, id);
    if (!value || value.end - value.start > 60) continue;
    const kind = kindOf(value);
    if (kind === "object" || kind === "array" || kind === "null") continue;
    const text = stringOf(value) ?? value.text.slice(value.start, value.end);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count).slice(0, 8);
}
