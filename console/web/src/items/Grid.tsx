// The table: a grid of rows that are there only while they are seen.

import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Column } from "../app/search";
import { useElementSize } from "../ui/useElementSize";
import { HeadCell } from "./HeadCell";
import { cardLines, infoOf, type ColumnInfo } from "./columnChoice";
import { GridRow } from "./GridRow";
import type { Item } from "./item";
import { isSelected, type Selection } from "./selection";
import { useColumns } from "./useColumns";
import type { ItemList } from "./useItemList";
import { useScaledRows } from "./useScaledRows";

export interface GridActions {
  open: (index: number, item: Item) => void;
  toggle: (index: number, item: Item, range: boolean) => void;
  toggleAll: () => void;
  showValue: (item: Item, column: string) => void;
  changeColumns: (columns: readonly Column[]) => void;
  filter: (subject: string, value: string) => void;
  sort: (order: string) => void;
  see: (first: number, last: number) => void;
}

interface Props {
  dataset: string;
  list: ItemList;
  /** Rows by which columns are given their look. */
  sample: readonly Item[];
  columns: readonly Column[];
  known: readonly ColumnInfo[];
  order: string;
  lines: number;
  selection: Selection;
  openIndex: number;
  active: number;
  setActive: (index: number) => void;
  actions: GridActions;
}

const HEAD = 32;
const CARD = 44;
const LINE = 20;
const PADDING = 12;
const NARROW = 640;

export function Grid({ dataset, list, sample, columns, known, order, lines, selection, openIndex, active, setActive, actions }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(scroller);
  const narrow = width > 0 && width < NARROW;
  const headHeight = narrow ? 0 : HEAD;
  const count = list.count ?? 0;
  const shown = useColumns(dataset, columns, sample, width);
  const size = narrow ? CARD + LINE * cardLines(shown.shown[0]?.id, sample) : PADDING + LINE * lines;
  const { first, last, topOf, reveal, height: full } = useScaledRows(scroller, height, count, size, headHeight);
  const [column, setColumn] = useState(0);
  const { see } = actions;
  useEffect(() => see(first, last), [see, first, last]);
  useEffect(() => {
    if (active >= 0) reveal(active);
  }, [reveal, active]);

  const move = (to: number): void => setActive(Math.max(0, Math.min(count - 1, to)));
  const page = Math.max(1, Math.floor(height / size) - 2);
  const press = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const item = list.rowAt(active);
    const at = shown.shown[column];
    const acts: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + page),
      PageUp: () => move(active - page),
      Home: () => move(0),
      End: () => move(count - 1),
      ArrowRight: () => setColumn(Math.min(columns.length - 1, column + 1)),
      ArrowLeft: () => setColumn(Math.max(0, column - 1)),
      Enter: () => item && actions.open(active, item),
      " ": () => item && at && actions.showValue(item, at.id),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const isActiveShown = active >= first && active <= last && list.rowAt(active);

  return (
    <div
      className={narrow ? "grid cards" : lines > 1 ? "grid tall" : "grid"}
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Items"
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={isActiveShown ? `cell-${active}-${column}` : undefined}
      onKeyDown={press}
      style={{ "--row": `${size}px`, "--lines": lines } as React.CSSProperties}
    >
      <div className="head" role="row" aria-rowindex={1} style={narrow ? undefined : { width: shown.width }}>
        <div role="columnheader" className="tick">
          <input
            type="checkbox"
            aria-label="Select all items that match"
            checked={selection.kind === "all"}
            ref={(box) => {
              if (box) box.indeterminate = selection.kind === "some" && selection.items.size > 0;
            }}
            onChange={actions.toggleAll}
          />
        </div>
        {shown.shown.map((each) => (
          <HeadCell key={each.id} column={each} info={infoOf(each.id, known)} columns={columns} table={shown.table} order={order} rows={list.firstRows} actions={actions} />
        ))}
      </div>
      <div className="body" role="rowgroup" style={{ height: full, width: narrow ? "100%" : shown.width }}>
        {Array.from({ length: last - first + 1 }, (_, i) => first + i).map((index) => {
          const item = list.rowAt(index);
          return (
            <GridRow
              key={index}
              index={index}
              top={topOf(index)}
              item={item}
              columns={shown.shown}
              narrow={narrow}
              isOpen={index === openIndex}
              isSelected={item !== undefined && isSelected(selection, item)}
              activeColumn={index === active ? column : -1}
              actions={actions}
            />
          );
        })}
      </div>
    </div>
  );
}
