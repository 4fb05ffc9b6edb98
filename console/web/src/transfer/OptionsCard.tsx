// What an import does with rows that are there already, and how cells are read.

import type { ReactNode } from "react";
import { number } from "../ui/format";
import type { FileHead } from "./fileHead";
import type { Place } from "./mapping";

export interface Options {
  readonly match: "" | "id" | "ref_source_id";
  readonly mirror: boolean;
  readonly cellsText: boolean;
  readonly sheet: string;
}

interface Props {
  head: FileHead;
  places: ReadonlyMap<string, Place>;
  options: Options;
  onChange: (options: Options) => void;
  archived: number | undefined;
}

export function OptionsCard({ head, places, options, onChange, archived }: Props): ReactNode {
  const columnOf = (place: Place): string | undefined => [...places].find(([, each]) => each === place)?.[0];
  const keys = (["id", "ref_source_id"] as const).flatMap((key) => {
    const column = columnOf(key);
    return column === undefined ? [] : [{ key, column }];
  });
  return (
    <section className="card options">
      {keys.map(({ key, column }) => (
        <label key={key} className="check">
          <input type="checkbox" checked={options.match === key} onChange={(event) => onChange({ ...options, match: event.target.checked ? key : "", mirror: false })} />
          <span>
            Match rows by <b>{column}</b>, and update what changed
            <small>Rows whose {key === "id" ? "id" : "source id"} is known change that item; nothing is doubled. A field is replaced as a whole.</small>
          </span>
        </label>
      ))}
      {options.match && (
        <label className="check">
          <input type="checkbox" checked={options.mirror} onChange={(event) => onChange({ ...options, mirror: event.target.checked })} />
          <span>
            Archive items that the file does not have
            <small>Makes the dataset mirror the file.{options.mirror && archived !== undefined ? ` ${number(archived)} would be archived.` : ""}</small>
          </span>
        </label>
      )}
      {!keys.length && <p className="dim">Every row becomes a new item. To update items instead, put a column into “source id”.</p>}
      {(head.format === "csv" || head.format === "xlsx") && (
        <label className="check">
          <input type="checkbox" checked={options.cellsText} onChange={(event) => onChange({ ...options, cellsText: event.target.checked })} />
          <span>
            Keep every cell as text
            <small>Otherwise 4 is a number, true a boolean, and {'{"a": 1}'} an object.</small>
          </span>
        </label>
      )}
      {head.format === "xlsx" && (
        <label>
          Sheet
          <input placeholder="the first one" value={options.sheet} onChange={(event) => onChange({ ...options, sheet: event.target.value })} />
        </label>
      )}
    </section>
  );
}
