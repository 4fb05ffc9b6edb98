// The head of a column: its name, a sheet with what can be done with it, and an edge to drag.

import type { Table } from "@tanstack/react-table";
import { type DragEvent, type ReactNode } from "react";
import type { Column } from "../app/search";
import { Button } from "../ui/Button";
import { number } from "../ui/format";
import { Popover } from "../ui/Popover";
import { commonValues, type ColumnInfo } from "./columnChoice";
import type { GridActions } from "./Grid";
import { styleOf } from "./GridRow";
import type { Item } from "./item";
import type { ShownColumn } from "./useColumns";

interface Props {
  column: ShownColumn;
  info: ColumnInfo;
  columns: readonly Column[];
  table: Table<Item>;
  order: string;
  rows: readonly Item[];
  actions: GridActions;
}

const SORTED: Readonly<Record<string, true>> = { created_at: true, updated_at: true };
const TYPE = "text/x-column";

export function HeadCell({ column, info, columns, table, order, rows, actions }: Props): ReactNode {
  const { id, look } = column;
  const sorted = order.replace("-", "") === id ? (order.startsWith("-") ? "descending" : "ascending") : undefined;
  const resize = table.getFlatHeaders().find((each) => each.id === id)?.getResizeHandler();
  const drop = (event: DragEvent): void => {
    const moved = event.dataTransfer.getData(TYPE);
    if (moved && moved !== id) actions.changeColumns(before(columns, moved, id));
  };
  return (
    <div
      role="columnheader"
      aria-sort={sorted ?? (SORTED[id] ? "none" : undefined)}
      className={["cell", look.isNumber || id.endsWith("_at") ? "num" : "", column.left !== null ? "pinned" : ""].join(" ")}
      style={styleOf(column)}
      onDragOver={(event) => event.dataTransfer.types.includes(TYPE) && event.preventDefault()}
      onDrop={drop}
    >
      <div className="drag" draggable onDragStart={(event) => event.dataTransfer.setData(TYPE, id)}>
        <Popover
          name={`Column ${info.label}`}
          className="headbutton"
          label={
            <>
              <span className="label">{info.label}</span>
              {info.field && <span className="faint">{info.field}</span>}
              {sorted && <span aria-hidden="true">{sorted === "descending" ? "↓" : "↑"}</span>}
            </>
          }
        >
          {(close) => <ColumnSheet id={id} info={info} columns={columns} rows={rows} actions={actions} close={close} />}
        </Popover>
      </div>
      <div className="edge" aria-hidden="true" onMouseDown={resize} onTouchStart={resize} onClick={(event) => event.stopPropagation()} />
    </div>
  );
}

const before = (columns: readonly Column[], moved: string, place: string): Column[] => {
  const rest = columns.filter((each) => each.id !== moved);
  const at = rest.findIndex((each) => each.id === place);
  const after = columns.findIndex((each) => each.id === moved) < columns.findIndex((each) => each.id === place);
  return rest.toSpliced(after ? at + 1 : at, 0, columns.find((each) => each.id === moved) as Column);
};

interface SheetProps extends Pick<Props, "info" | "columns" | "rows" | "actions"> {
  id: string;
  close: () => void;
}

function ColumnSheet({ id, info, columns, rows, actions, close }: SheetProps): ReactNode {
  const at = columns.findIndex((each) => each.id === id);
  const pinned = columns[at]?.pinned;
  const values = info.field || id === "output" ? commonValues(id, rows) : [];
  const act = (run: () => void) => () => {
    run();
    close();
  };
  const moveTo = (place: number): Column[] => columns.toSpliced(at, 1).toSpliced(place, 0, ...columns.slice(at, at + 1));
  return (
    <div className="menu">
      {info.count !== null && (
        <p className="dim">
          {number(info.count)} items have it{info.types.length ? ` · ${info.types.join(", ")}` : ""}
        </p>
      )}
      {SORTED[id] && (
        <>
          <Button kind="ghost" onClick={act(() => actions.sort(`-${id}`))}>Newest first ↓</Button>
          <Button kind="ghost" onClick={act(() => actions.sort(id))}>Oldest first ↑</Button>
        </>
      )}
      {values.length > 0 && info.field && (
        <>
          <p className="dim">Filter, by values of the first {number(rows.length)} rows</p>
          <div className="values">
            {values.map(({ text, count }) => (
              <button key={text} type="button" onClick={act(() => actions.filter(id, text))}>
                <span>{text || "(empty)"}</span> <span className="faint">{number(count)}</span>
              </button>
            ))}
          </div>
        </>
      )}
      <Button kind="ghost" onClick={act(() => actions.changeColumns(columns.map((each) => (each.id === id ? { ...each, pinned: !pinned } : each))))}>
        {pinned ? "Unpin" : "Pin to the left"}
      </Button>
      {at > 0 && <Button kind="ghost" onClick={act(() => actions.changeColumns(moveTo(at - 1)))}>Move left</Button>}
      {at < columns.length - 1 && <Button kind="ghost" onClick={act(() => actions.changeColumns(moveTo(at + 1)))}>Move right</Button>}
      {columns.length > 1 && <Button kind="ghost" onClick={act(() => actions.changeColumns(columns.filter((each) => each.id !== id)))}>Hide</Button>}
    </div>
  );
}
