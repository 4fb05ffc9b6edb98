// What an import would do: counts, errors by line, the first rows as they would be stored.

import type { ReactNode } from "react";
import { APIError } from "../api/errors";
import { Pieces } from "../items/Pieces";
import { partsOf } from "../items/item";
import { elementsOf, kindOf, sliceOf, type Slice } from "../json/slice";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { bytes, number } from "../ui/format";
import type { ImportAnswer, Progress, RowError, Sent } from "./runImport";
import { Examples } from "./Examples";
import { saveFile } from "./saveFile";

interface Props {
  project: string;
  dataset: string;
  trial: Sent | null;
  busy: boolean;
  progress: Progress | null;
  errors: readonly RowError[];
  refusal: unknown;
  isSmall: boolean;
  onAsk: () => void;
}

export function OutcomeCard({ project, dataset, trial, busy, progress, errors, refusal, isSmall, onAsk }: Props): ReactNode {
  return (
    <div className={busy ? "busy" : ""} aria-busy={busy}>
      <section className="card">
        <h2>
          What would happen <span className="dim">nothing is stored yet</span>
          <span className="space" />
          {busy && <span className="dim">{progressText(progress)}</span>}
        </h2>
        {!isSmall && !trial && (
          <p className="pad">
            The file is large. <Button onClick={onAsk}>Check it</Button>
          </p>
        )}
        {trial && <Counts answer={trial.answer} />}
        {refusal !== null && !errors.length && <ErrorNotice error={refusal} />}
        {refusal instanceof APIError && errors.length > 0 && <p className="pad dim">Nothing would be stored: each row has to be right.</p>}
        {errors.length > 0 && <Errors errors={errors} />}
      </section>
      {trial && !errors.length && <Examples project={project} dataset={dataset} answer={trial.answer} />}
      {trial && !errors.length && <Preview text={trial.text} rows={trial.answer.rows} />}
    </div>
  );
}

function progressText(progress: Progress | null): string {
  if (!progress) return "Reading …";
  const { bytes: read, total_bytes: all, rows, stored } = progress;
  if (stored) return `Storing: ${number(stored)} of ${number(rows)} rows`;
  return `Reading: ${number(rows)} rows, ${bytes(read)} of ${bytes(all)}`;
}

function Counts({ answer }: { answer: ImportAnswer }): ReactNode {
  const counts = [
    ["created", createdOf(answer), "ok"],
    ["updated", answer.updated, "warn"],
    ["unchanged", answer.unchanged, ""],
    ["skipped", answer.skipped, ""],
    ["archived", answer.archived, "warn"],
    ["errors", answer.errors.length, "bad"],
  ] as const;
  return (
    <div className="counts" role="status">
      {counts.map(([name, count, tone]) =>
        count === undefined || (count === 0 && name !== "created") ? null : (
          <div key={name} className={count ? tone : ""}>
            <b>
              {number(count)}
              {name === "errors" && count >= 100 ? "+" : ""}
            </b>
            {name}
          </div>
        ),
      )}
    </div>
  );
}

/** A trial without a match counts nothing: it would create an item for each row, where none is wrong. */
function createdOf({ dry_run, rows, errors, created, updated = 0, unchanged = 0, skipped = 0 }: ImportAnswer): number {
  return dry_run && !errors.length && created + updated + unchanged + skipped === 0 ? rows : created;
}

function Errors({ errors }: { errors: readonly RowError[] }): ReactNode {
  const save = (): void => {
    const cell = (text: string): string => `"${text.replace(/"/g, '""')}"`;
    const lines = errors.map((each) => [each.row, each.line ?? "", cell(each.attr ?? ""), cell(each.detail)].join(","));
    saveFile(new Blob([["row,line,column,error", ...lines].join("\n")], { type: "text/csv" }), "errors.csv");
  };
  return (
    <>
      <table className="plain errors">
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">Error</th>
          </tr>
        </thead>
        <tbody>
          {errors.map((each, i) => (
            <tr key={i}>
              <td className="mono dim">{each.line ? `line ${each.line}` : `row ${each.row}`}</td>
              <td>
                {each.attr && <b>{each.attr}: </b>}
                {each.detail}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pad">
        <Button onClick={save}>Download errors</Button>
      </p>
    </>
  );
}

function Preview({ text, rows }: { text: string; rows: number }): ReactNode {
  const preview = partsOf(sliceOf(text)).get("preview");
  const shown = preview ? elementsOf(preview) : [];
  if (!shown.length) return null;
  return (
    <section className="card">
      <h2>
        Rows <span className="dim">as they would be stored</span>
        <span className="space" />
        <span className="dim">
          {number(shown.length)} of {number(rows)}
        </span>
      </h2>
      <table className="plain preview">
        <thead>
          <tr>
            <th scope="col">input</th>
            <th scope="col">output</th>
            <th scope="col">metadata</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => {
            const parts = partsOf(row);
            return (
              <tr key={i}>
                {["input", "output", "metadata"].map((name) => (
                  <td key={name}>
                    <Value value={parts.get(name)} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const Value = ({ value }: { value: Slice | undefined }): ReactNode => (!value || kindOf(value) === "null" ? <span className="faint">null</span> : <Pieces value={value} width={160} />);
