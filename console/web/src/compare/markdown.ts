// Differences as a table in Markdown, for a review or a ticket.

import type { Comparison, ItemDifference } from "../api/comparison";
import { textOfItem } from "../item/draft";
import { changesBetween } from "../json/difference";
import { rawOf, sliceOf, type Slice } from "../json/slice";
import { placesOf } from "./places";

const LONGEST = 200;

export function markdownOf({ from, to, counts }: Pick<Comparison, "from" | "to" | "counts">, differences: readonly ItemDifference[]): string {
  const head = `r${from} → r${to}: ${counts.changed} changed, ${counts.added} added, ${counts.removed} removed`;
  const rows = differences.flatMap(rowsOf).map((cells) => `| ${cells.join(" | ")} |`);
  return [head, "", "| item | place | before | after |", "|---|---|---|---|", ...rows, ""].join("\n");
}

function rowsOf({ id, fields, from, to }: ItemDifference): string[][] {
  if (from && to) {
    const changes = fields.flatMap((field) => changesBetween(sliceOf(textOfItem(from, field)), sliceOf(textOfItem(to, field)), field));
    return changes.map((change) => [id, code(change.path), cell(change.from), cell(change.to)]);
  }
  const item = from ?? to;
  return item ? placesOf(item).map(({ path, value }) => [id, code(path), from ? cell(value) : "", from ? "" : cell(value)]) : [];
}

const cell = (value: Slice | null): string => (value ? code(rawOf(value)) : "");

/** Between as many backticks as the text has not; a bar would end the cell, and a line break the row. */
export function code(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const plain = short.replace(/[\r\n]+/g, " ").replace(/\|/g, "\\|");
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([each]) => each.length));
  const fence = "`".repeat(longest + 1);
  return longest ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
}
