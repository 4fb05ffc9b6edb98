// Which columns are shown: every key that the dataset has, with how many items have it.

import { useState, type ReactNode } from "react";
import { columnsText, type Column, type Search } from "../app/search";
import { Button } from "../ui/Button";
import { number } from "../ui/format";
import { Popover } from "../ui/Popover";
import type { ColumnInfo } from "./columnChoice";

interface Props {
  known: readonly ColumnInfo[];
  columns: readonly Column[];
  search: Search;
  change: (changes: Record<string, string | undefined>) => void;
  onOpen: () => void;
  isCounting: boolean;
}

const HEIGHTS = [
  [undefined, "1 line"],
  ["2", "2 lines"],
  ["4", "4 lines"],
] as const;

export function ColumnsSheet({ known, columns, search, change, onOpen, isCounting }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const shown = new Set(columns.map((each) => each.id));
  const toggle = (id: string): void => {
    const next = shown.has(id) ? columns.filter((each) => each.id !== id) : [...columns, { id, pinned: false }];
    if (next.length) change({ columns: columnsText(next) });
  };
  return (
    <Popover
      label="Columns"
      name="Columns"
      open={open}
      onOpenChange={(isOpen) => {
        setOpen(isOpen);
        if (isOpen) onOpen();
      }}
    >
      {() => (
        <div className="columns">
          <div className="segments" role="group" aria-label="Height of rows">
            {HEIGHTS.map(([value, label]) => (
              <button key={label} type="button" aria-pressed={search["rows"] === value} onClick={() => change({ rows: value })}>
                {label}
              </button>
            ))}
          </div>
          <ul>
            {known.map(({ id, label, field, count }) => (
              <li key={id} className={field ? "inner" : ""}>
                <label>
                  <input type="checkbox" checked={shown.has(id)} onChange={() => toggle(id)} />
                  <span>{label}</span>
                  <span className="space" />
                  {count !== null && <span className="faint">{number(count)}</span>}
                </label>
              </li>
            ))}
          </ul>
          {known.every((each) => each.count === null) && (
            <p className="dim" role="status">
              {isCounting ? "Counting …" : "The keys are those of the first rows: counting all of them takes too long here."}
            </p>
          )}
          {search["columns"] && <Button onClick={() => change({ columns: undefined })}>Reset columns</Button>}
        </div>
      )}
    </Popover>
  );
}
