// The columns of the table: chosen in the address, their widths remembered in this browser for each dataset.

import { getCoreRowModel, useReactTable, type ColumnSizingState, type Table } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import type { Column } from "../app/search";
import { readPreference, writePreference } from "../ui/preferences";
import { lookOf, type ColumnLook } from "./columnChoice";
import type { Item } from "./item";

export interface ShownColumn {
  readonly id: string;
  readonly look: ColumnLook;
  readonly width: number;
  /** Where a pinned column stays; null for one that scrolls. */
  readonly left: number | null;
}

export interface Columns {
  readonly shown: readonly ShownColumn[];
  readonly table: Table<Item>;
  readonly width: number;
}

const TICK = 40;
const NONE: Item[] = [];

export function useColumns(dataset: string, chosen: readonly Column[], rows: readonly Item[], room: number): Columns {
  const [sizing, setSizing] = useState<ColumnSizingState>(() => storedSizes(dataset));
  // Told once from the first rows, so that nothing jumps while one scrolls.
  const sample = rows.length > 0;
  const looks = useMemo(() => new Map(chosen.map(({ id }) => [id, lookOf(id, rows)])), [chosen, sample, dataset]); // eslint-disable-line react-hooks/exhaustive-deps
  const ordered = [...chosen.filter((each) => each.pinned), ...chosen.filter((each) => !each.pinned)];
  const widths = widthsOf(ordered, looks, sizing, room - TICK);
  const table = useReactTable<Item>({
    data: NONE,
    columns: ordered.map(({ id }) => ({ id, size: widths.get(id) ?? 120, minSize: 56, maxSize: 1600 })),
    getCoreRowModel: getCoreRowModel(),
    columnResizeMode: "onChange",
    state: { columnSizing: sizing, columnPinning: { left: ordered.filter((each) => each.pinned).map((each) => each.id) } },
    onColumnSizingChange: (update) => {
      const next = typeof update === "function" ? update(sizing) : update;
      setSizing(next);
      writePreference(`widths.${dataset}`, JSON.stringify(next));
    },
  });
  const shown = ordered.map(({ id, pinned }) => {
    const column = table.getColumn(id);
    return { id, look: looks.get(id) as ColumnLook, width: column?.getSize() ?? 120, left: pinned ? TICK + (column?.getStart("left") ?? 0) : null };
  });
  return { shown, table, width: TICK + shown.reduce((sum, each) => sum + each.width, 0) };
}

const NARROWEST = 96;

/** What is over goes to the columns of long texts, and they give what is missing, unless somebody has set their width. */
function widthsOf(columns: readonly Column[], looks: Map<string, ColumnLook>, sizing: ColumnSizingState, room: number): Map<string, number> {
  const widths = new Map(columns.map(({ id }) => [id, sizing[id] ?? looks.get(id)?.width ?? 120]));
  const growing = columns.filter(({ id }) => looks.get(id)?.grows && sizing[id] === undefined);
  const over = room - [...widths.values()].reduce((sum, each) => sum + each, 0);
  if (!growing.length) return widths;
  if (over <= 0) {
    // The first is what people read, and gives last.
    let missing = -over;
    for (const { id } of growing.toReversed()) {
      const width = widths.get(id) ?? 0;
      const less = Math.min(missing, Math.max(0, width - NARROWEST));
      widths.set(id, width - less);
      missing -= less;
    }
    return widths;
  }
  // The first is what people read, and gets two shares.
  const shares = growing.length + 1;
  growing.forEach(({ id }, i) => widths.set(id, (widths.get(id) ?? 0) + Math.floor((over * (i ? 1 : 2)) / shares)));
  return widths;
}

function storedSizes(dataset: string): ColumnSizingState {
  try {
    const stored = JSON.parse(readPreference(`widths.${dataset}`) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(Object.entries(stored).filter(([, width]) => typeof width === "number")) as ColumnSizingState;
  } catch {
    return {};
  }
}
