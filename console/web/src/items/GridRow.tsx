// One row of the table, or its place while it is on its way.

import { memo, type CSSProperties, type MouseEvent, type ReactNode } from "react";
import { CellContent } from "./Cell";
import type { GridActions } from "./Grid";
import type { Item } from "./item";
import type { ShownColumn } from "./useColumns";

interface Props {
  index: number;
  top: number;
  item: Item | undefined;
  columns: readonly ShownColumn[];
  narrow: boolean;
  isOpen: boolean;
  isSelected: boolean;
  activeColumn: number;
  actions: GridActions;
}

export const GridRow = memo(function GridRow(props: Props): ReactNode {
  const { index, top, item, columns, isOpen, isSelected, activeColumn, actions, narrow } = props;
  const press = (event: MouseEvent): void => {
    if (!item || String(getSelection())) return;
    if (event.shiftKey) actions.toggle(index, item, true);
    else if (event.metaKey || event.ctrlKey) actions.toggle(index, item, false);
    else actions.open(index, item);
  };
  const names = ["row", isOpen && "open", isSelected && "selected", activeColumn >= 0 && "active", !item && "waiting"];
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={isSelected} className={names.filter(Boolean).join(" ")} style={{ transform: `translateY(${top}px)` }} onClick={press}>
      <div role="gridcell" className="tick" onClick={(event) => event.stopPropagation()}>
        {item && (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select item ${index + 1}`}
            checked={isSelected}
            onChange={() => undefined}
            onClick={(event) => actions.toggle(index, item, event.shiftKey)}
          />
        )}
      </div>
      {columns.map((column, i) => (
        <div
          key={column.id}
          id={`cell-${index}-${i}`}
          role="gridcell"
          className={classOf(column, i === activeColumn, i)}
          style={narrow ? undefined : styleOf(column)}
          onDoubleClick={() => item && actions.showValue(item, column.id)}
        >
          {item ? <CellContent item={item} column={column.id} look={column.look} /> : <span className="bone" />}
        </div>
      ))}
    </div>
  );
});

function classOf({ id, look, left }: ShownColumn, isActive: boolean, index: number): string {
  const names = ["cell", look.isNumber && "num", look.grows && "long", isActive && "at", left !== null && "pinned", index === 0 && "first", id.endsWith("_at") && "when"];
  return names.filter(Boolean).join(" ");
}

export const styleOf = ({ width, left }: ShownColumn): CSSProperties => (left === null ? { width } : { width, left });
