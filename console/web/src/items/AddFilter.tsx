// Makes a condition by picking: where, how, what.

import { useState, type FormEvent, type ReactNode } from "react";
import { OPERATOR_WORDS, operatorsFor, parameterOf, type Filter, type Operator } from "../app/search";
import { Button, Key } from "../ui/Button";
import { Popover } from "../ui/Popover";
import { useShortcuts } from "../ui/shortcuts";
import { commonValues, type ColumnInfo } from "./columnChoice";
import type { Item } from "./item";

interface Props {
  known: readonly ColumnInfo[];
  rows: readonly Item[];
  change: (changes: Record<string, string | undefined>) => void;
  edited?: Filter | undefined;
  label?: ReactNode;
}

export function AddFilter({ known, rows, change, edited, label }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  useShortcuts({ f: edited ? undefined : () => setOpen(true) });
  return (
    <Popover
      name={edited ? "Change the filter" : "Add a filter"}
      className={edited ? "chipbutton" : "button ghost"}
      label={label ?? <>Add filter <Key name="F" /></>}
      open={open}
      onOpenChange={setOpen}
    >
      {(close) => <FilterForm known={known} rows={rows} change={change} edited={edited} close={close} />}
    </Popover>
  );
}

const FILTERED = ["ref_source_id", "ref_trace_id", "created_by", "created_at", "updated_at", "id"];

function FilterForm({ known, rows, change, edited, close }: Props & { close: () => void }): ReactNode {
  const subjects = known.filter((each) => each.field || ["input", "output", "metadata"].includes(each.id) || FILTERED.includes(each.id));
  const [subject, setSubject] = useState(edited?.subject ?? subjects.find((each) => each.field === "metadata")?.id ?? subjects[0]?.id ?? "output");
  const operators = operatorsFor(subject);
  const [chosen, setOperator] = useState<Operator>(edited?.operator ?? "is");
  const operator = operators.includes(chosen) ? chosen : (operators[0] as Operator);
  const [value, setValue] = useState(edited?.value ?? "");
  const values = operator === "exists" ? [] : commonValues(subject, rows);

  const apply = (event: FormEvent | null, picked = value): void => {
    event?.preventDefault();
    const answer = operator === "exists" ? (picked === "false" ? "false" : "true") : picked;
    change({ ...(edited ? { [edited.name]: undefined } : {}), [parameterOf(subject.trim(), operator)]: answer || undefined });
    close();
  };
  return (
    <form className="form filter" onSubmit={apply}>
      <label>
        Where
        <input list="subjects" autoFocus={!edited} value={subject} onChange={(event) => setSubject(event.target.value)} spellCheck={false} />
        <datalist id="subjects">
          {subjects.map((each) => (
            <option key={each.id} value={each.id} />
          ))}
        </datalist>
      </label>
      <div className="pair">
        <label>
          How
          <select value={operator} onChange={(event) => setOperator(event.target.value as Operator)}>
            {operators.map((each) => (
              <option key={each} value={each}>
                {OPERATOR_WORDS[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          What
          {operator === "exists" ? (
            <select value={value || "true"} onChange={(event) => setValue(event.target.value)}>
              <option value="true">yes</option>
              <option value="false">no</option>
            </select>
          ) : (
            <input
              autoFocus={Boolean(edited)}
              value={value}
              spellCheck={false}
              placeholder={{ in: "a,b,c", contains: '{"key": 1}' }[operator as string] ?? (subject.endsWith("_at") ? "2026-11-29" : "")}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
        </label>
      </div>
      {values.length > 0 && (operator === "is" || operator === "ne") && (
        <div className="values">
          {values.map(({ text, count }) => (
            <button key={text} type="button" onClick={() => apply(null, text)}>
              <span>{text || "(empty)"}</span> <span className="faint">{count}</span>
            </button>
          ))}
        </div>
      )}
      <footer>
        <span className="space" />
        <Button kind="primary" type="submit" disabled={!subject || (!value && operator !== "exists")}>
          {edited ? "Change" : "Add filter"}
        </Button>
      </footer>
    </form>
  );
}
