// Each column of the file, and where it goes.

import type { ReactNode } from "react";
import { visible } from "../items/Pieces";
import { Button } from "../ui/Button";
import { bytes, plural } from "../ui/format";
import type { FileColumn, FileHead } from "./fileHead";
import { placesFor, type Place } from "./mapping";

interface Props {
  file: File;
  head: FileHead;
  columns: readonly FileColumn[];
  places: ReadonlyMap<string, Place>;
  clash: string | null;
  hints: readonly { readonly column: string; readonly target: string }[];
  onChange: (places: ReadonlyMap<string, Place>) => void;
  onOther: () => void;
}

const NAMES = { jsonl: "JSON Lines", json: "JSON", csv: "CSV", parquet: "Parquet", xlsx: "Excel" } as const;
const DELIMITERS: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

export function MappingCard({ file, head, columns, places, clash, hints, onChange, onOther }: Props): ReactNode {
  const ignored = columns.filter((each) => places.get(each.name) === "");
  const set = (name: string, place: Place): void => onChange(new Map(places).set(name, place));
  const what = [NAMES[head.format] + (head.packed ? ", gzip" : ""), bytes(file.size), head.format === "csv" ? (DELIMITERS[head.delimiter] ?? "") : ""];
  return (
    <section className="card">
      <h2>
        <span className="filename">{file.name}</span> <span className="dim">{what.filter(Boolean).join(" · ")}</span>
        <span className="space" />
        <Button kind="ghost" onClick={onOther}>
          Another file
        </Button>
      </h2>
      {columns.length > 0 ? (
        <table className="plain mapping">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Goes to</th>
              <th scope="col">First value</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ name, sample }) => (
              <tr key={name} className={places.get(name) === "" ? "ignored" : ""}>
                <td className="name">{visible(name) || "(no name)"}</td>
                <td>
                  <select aria-label={`Where ${name} goes`} value={places.get(name) ?? ""} onChange={(event) => set(name, event.target.value)}>
                    {placesFor(name).map(([value, label]) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </select>
                </td>
                <td className="sample dim">{visible(sample)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="pad dim">{head.columns === null ? "The service reads its columns; those that it does not know by name appear here." : "No column was found."}</p>
      )}
      {clash && (
        <p className="cardnote bad" role="alert">
          {clash}
        </p>
      )}
      {hints.map(({ column, target }) => (
        <p key={column} className="cardnote">
          Does <b>{column}</b> belong in {target}? <Button onClick={() => set(column, target)}>Put it there</Button>
        </p>
      ))}
      {ignored.length > 0 && (
        <p className="cardnote">
          {plural(ignored.length, "column is", "columns are")} not read: <b>{ignored.map((each) => each.name).join(", ")}</b>. Choose where to put {ignored.length === 1 ? "it" : "them"}, or leave {ignored.length === 1 ? "it" : "them"}.
        </p>
      )}
    </section>
  );
}
