// The bar above the table: search, conditions, how many there are, which columns.

import type { ReactNode } from "react";
import { OPERATOR_WORDS, filtersOf, type Search } from "../app/search";
import { SearchBox } from "../ui/SearchBox";
import { number, plural } from "../ui/format";
import { AddFilter } from "./AddFilter";
import { ColumnsSheet } from "./ColumnsSheet";
import type { Column } from "../app/search";
import type { ColumnInfo } from "./columnChoice";
import type { Item } from "./item";
import { SampleSheet } from "./SampleSheet";

interface Props {
  search: Search;
  change: (changes: Record<string, string | undefined>) => void;
  count: number | undefined;
  total: number | undefined;
  known: readonly ColumnInfo[];
  columns: readonly Column[];
  rows: readonly Item[];
  /** The sheet of columns is opened. */
  onColumns: () => void;
  isCounting: boolean;
  extra?: ReactNode;
}

export function FilterBar({ search, change, count, total, known, columns, rows, onColumns, isCounting, extra }: Props): ReactNode {
  const trash = search["deleted"];
  return (
    <div className="bar" role="search">
      <SearchBox value={search["search"] ?? ""} onChange={(text) => change({ search: text || undefined })} name="Search items" />
      {filtersOf(search).map(({ name, subject, operator, value }) => (
        <span className="chip" key={name}>
          <AddFilter
            known={known}
            rows={rows}
            edited={{ name, subject, operator, value }}
            change={change}
            label={
              <>
                <span className="k">{subject}</span> {operator === "exists" ? "is" : (OPERATOR_WORDS[operator] ?? operator)} <b>{operator === "exists" ? (value === "false" ? "absent" : "present") : value}</b>
              </>
            }
          />
          <button type="button" aria-label={`Remove the filter of ${subject}`} onClick={() => change({ [name]: undefined })}>
            ×
          </button>
        </span>
      ))}
      {trash && (
        <span className="chip">
          <span className="only">{trash === "true" ? "archived items" : "archived items too"}</span>
          <button type="button" aria-label="Leave the archived items" onClick={() => change({ deleted: undefined })}>
            ×
          </button>
        </span>
      )}
      {search["sample"] && (
        <span className="chip">
          <span className="only">
            sample of <b>{search["sample"]}</b>, seed {search["seed"] ?? "0"}
          </span>
          <button type="button" aria-label="Leave the sample" onClick={() => change({ sample: undefined, seed: undefined })}>
            ×
          </button>
        </span>
      )}
      <AddFilter known={known} rows={rows} change={change} />
      <span className="space" />
      {count !== undefined && (
        <span className="total" aria-live="polite">
          <b>{number(count)}</b> {total !== undefined && total !== count ? `of ${plural(total, "item")}` : count === 1 ? "item" : "items"}
        </span>
      )}
      <ColumnsSheet known={known} columns={columns} search={search} change={change} onOpen={onColumns} isCounting={isCounting} />
      <SampleSheet search={search} change={change} />
      {extra}
      {!trash && (
        <button type="button" className="button ghost" onClick={() => change({ deleted: "true", revision: undefined })}>
          Archived
        </button>
      )}
    </div>
  );
}
