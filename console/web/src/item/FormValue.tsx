// A value as a form: texts are typed as texts, other scalars as JSON has them. An edit replaces that one place of the text.

import { useState, type ReactNode } from "react";
import { visible } from "../items/Pieces";
import { problemOf } from "../json/check";
import { messagesOf } from "../json/preview";
import { Button } from "../ui/Button";
import { elementsOf, kindOf, membersOf, rawOf, splice, stringOf, type Slice } from "../json/slice";

interface Props {
  value: Slice;
  name: string;
  path: string;
  /** The whole text with the edit in it, and where it was made. */
  onRaw: (text: string, path: string) => void;
  onProblem: (message: string, path: string) => void;
}

export function FormValue({ value, name, path, onRaw, onProblem }: Props): ReactNode {
  const kind = kindOf(value);
  if (kind === "object") return <ObjectForm value={value} name={name} path={path} onRaw={onRaw} onProblem={onProblem} />;
  if (kind === "array") return <ArrayForm value={value} name={name} path={path} onRaw={onRaw} onProblem={onProblem} />;
  const put = (raw: string): void => onRaw(splice(value, raw), path);
  if (kind === "string" || kind === "null") return <TextLeaf value={value} label={path} onPut={put} />;
  return <ScalarLeaf value={value} label={path} onPut={put} onProblem={(message) => onProblem(message, path)} />;
}

function ObjectForm({ value, path, onRaw, onProblem }: Props): ReactNode {
  return (
    <dl className="members asform">
      {membersOf(value).map((member, i) => (
        <div key={i}>
          <dt>{visible(member.key) || "(empty key)"}</dt>
          <dd>
            <FormValue value={member.value} name={member.key} path={`${path}.${member.key}`} onRaw={onRaw} onProblem={onProblem} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ArrayForm({ value, path, onRaw, onProblem }: Props): ReactNode {
  const messages = messagesOf(value);
  if (messages)
    return (
      <div className="messages">
        {messages.map(({ role, content }, i) => (
          <div key={i} className={`message ${role === "user" ? "user" : ""}`}>
            <span className="role">{role}</span>
            <FormValue value={content} name={role} path={`${path}.${i}.content`} onRaw={onRaw} onProblem={onProblem} />
          </div>
        ))}
      </div>
    );
  return (
    <ol className="elements asform" start={0}>
      {elementsOf(value).map((element, i) => (
        <li key={i}>
          <FormValue value={element} name={String(i)} path={`${path}.${i}`} onRaw={onRaw} onProblem={onProblem} />
        </li>
      ))}
    </ol>
  );
}

function TextLeaf({ value, label, onPut }: { value: Slice; label: string; onPut: (raw: string) => void }): ReactNode {
  const [first] = useState({ raw: rawOf(value), text: stringOf(value) });
  const text = stringOf(value);
  // A text that is typed back to what it was is spelt as it was.
  const put = (next: string): void => onPut(next === (first.text ?? "") ? first.raw : JSON.stringify(next));
  return (
    <textarea
      aria-label={label}
      value={text ?? ""}
      placeholder={text === null ? "null: what you type here becomes a text; for a number choose JSON" : "(empty text)"}
      rows={Math.min(16, Math.max(1, Math.ceil((text?.length ?? 0) / 56), (text?.split("\n").length ?? 1)))}
      onChange={(event) => put(event.target.value)}
    />
  );
}

interface ScalarProps {
  value: Slice;
  label: string;
  onPut: (raw: string) => void;
  onProblem: (message: string) => void;
}

function ScalarLeaf({ value, label, onPut, onProblem }: ScalarProps): ReactNode {
  const raw = rawOf(value);
  const [typed, setTyped] = useState<string | null>(null);
  const problem = typed === null ? null : problemOf(typed);
  const type = (text: string): void => {
    const wrong = problemOf(text);
    setTyped(wrong ? text : null);
    if (wrong) onProblem(wrong.message);
    else onPut(text.trim());
  };
  return (
    <>
      <input className="mono scalar" aria-label={label} aria-invalid={problem !== null} value={typed ?? raw} onChange={(event) => type(event.target.value)} spellCheck={false} />
      {problem && (
        <p className="err" role="alert">
          {kindOf(value) === "number" ? "This is no number." : problem.message}{" "}
          {typed?.trim() && (
            <Button
              onClick={() => {
                onPut(JSON.stringify(typed));
                setTyped(null);
              }}
            >
              Make it a text
            </Button>
          )}
        </p>
      )}
    </>
  );
}
