// One JSON field for editing: as a form of its texts, or as JSON.

import { Suspense, lazy, useState, type ReactNode } from "react";
import type { Envelope } from "../api/errors";
import { lineOf, problemOf } from "../json/check";
import { inStyleOf, prettyOf } from "../json/format";
import { kindOf, sliceOf } from "../json/slice";
import { Loading } from "../ui/Notice";
import { FormValue } from "./FormValue";
import { fitsForm } from "./formLimits";
import { placeIn } from "./placeIn";

const JSONEditor = lazy(() => import("./JSONEditor"));

interface Props {
  label: string;
  name: string;
  original: string;
  text: string;
  refusal: Envelope | null;
  onChange: (text: string, problem: string | null) => void;
}

export function FieldEditor({ label, name, original, text, refusal, onChange }: Props): ReactNode {
  const [mode, setMode] = useState<"form" | "json">(() => (fitsForm(sliceOf(text)) ? "form" : "json"));
  const [typed, setTyped] = useState(() => prettyOf(sliceOf(text)));
  // By place, so that an edit elsewhere does not hide what is still wrong.
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const problem = mode === "json" ? problemOf(typed) : null;
  const fill = (next: string, path: string, message: string): void => {
    const all = { ...wrong, [path]: message };
    setWrong(all);
    onChange(next, Object.values(all).find(Boolean) ?? null);
  };
  const type = (next: string): void => {
    setTyped(next);
    const found = problemOf(next);
    if (found) onChange(text, found.message);
    // Unedited is as it was sent, however it is shown.
    else onChange(next === prettyOf(sliceOf(original)) ? original : inStyleOf(sliceOf(original), sliceOf(next)), null);
  };
  const choose = (next: "form" | "json"): void => {
    if (next === "json") setTyped(prettyOf(sliceOf(text)));
    setWrong({});
    onChange(text, null);
    setMode(next);
  };
  const mark = refusal && mode === "json" ? placeIn(typed, name, refusal.attr) : null;
  return (
    <section className={text !== original ? "field edited" : "field"}>
      <h3>
        {label} <span className="type">{kindOf(sliceOf(text))}</span>
        {text !== original && <span className="dirty">edited</span>}
        <span className="space" />
        <div className="segments small" role="group" aria-label={`Edit ${name} as`}>
          <button type="button" aria-pressed={mode === "form"} disabled={problem !== null || !fitsForm(sliceOf(text))} onClick={() => choose("form")}>
            Form
          </button>
          <button type="button" aria-pressed={mode === "json"} onClick={() => choose("json")}>
            JSON
          </button>
        </div>
      </h3>
      {mode === "form" ? (
        <FormValue value={sliceOf(text)} name={name} path={name} onRaw={(next, path) => fill(next, path, "")} onProblem={(message, path) => fill(text, path, message)} />
      ) : (
        <Suspense fallback={<Loading what="the editor" />}>
          <JSONEditor label={`${name} as JSON`} text={typed} onChange={type} mark={problem?.at ?? mark} isWrong={problem !== null || refusal !== null} />
        </Suspense>
      )}
      {problem && (
        <p className="err" role="alert">
          Line {lineOf(typed, problem.at)}: {problem.message}
        </p>
      )}
      {refusal && (
        <p className="err" role="alert">
          {mark === null ? <code>{refusal.attr}</code> : `Line ${lineOf(typed, mark)}`}: {refusal.detail}
        </p>
      )}
    </section>
  );
}
