// A value as a form: texts are typed as texts, other scalars as JSON has them. An edit replaces that one place of the text.

import { useState, type ReactNode } from "react";
import { visible } from "../items/Pieces";
import { problemOf } from "../json/check";
import { messageOf, messagesOf, type Message } from "../json/preview";
import { Button } from "../ui/Button";
import { elementsOf, kindOf, membersOf, rawOf, splice, stringOf, type Member, type Slice } from "../json/slice";

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
  const [wasNull] = useState(kind === "null");
  if (kind === "object") return <ObjectForm value={value} name={name} path={path} onRaw={onRaw} onProblem={onProblem} />;
  if (kind === "array") return <ArrayForm value={value} name={name} path={path} onRaw={onRaw} onProblem={onProblem} />;
  const put = (raw: string): void => onRaw(splice(value, raw), path);
  if (wasNull) return <NullLeaf value={value} label={path} onPut={put} />;
  if (kind === "string" || kind === "null") return <TextLeaf value={value} label={path} onPut={put} />;
  return <ScalarLeaf value={value} label={path} onPut={put} onProblem={(message) => onProblem(message, path)} />;
}

function ObjectForm({ value, path, ...rest }: Props): ReactNode {
  const message = messageOf(value);
  if (message) return <MessageForm message={message} path={path} {...rest} />;
  return <MembersForm members={membersOf(value)} path={path} {...rest} />;
}

function MembersForm({ members, path, onRaw, onProblem }: Omit<Props, "value"> & { members: readonly Member[] }): ReactNode {
  return (
    <dl className="members asform">
      {members.map((member, i) => (
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

function MessageForm({ message: { role, content, rest }, path, ...more }: Omit<Props, "value"> & { message: Message }): ReactNode {
  return (
    <div className={`message ${role === "user" ? "user" : ""}`}>
      <span className="role">{role}</span>
      <FormValue {...more} value={content} path={`${path}.content`} />
      {rest.length > 0 && <MembersForm {...more} members={rest} path={path} />}
    </div>
  );
}

function ArrayForm({ value, name, path, onRaw, onProblem }: Props): ReactNode {
  const messages = messagesOf(value);
  if (messages)
    return (
      <div className="messages">
        {messages.map((message, i) => (
          <MessageForm key={i} message={message} name={name} path={`${path}.${i}`} onRaw={onRaw} onProblem={onProblem} />
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
      placeholder="(empty text)"
      rows={Math.min(16, Math.max(1, Math.ceil((text?.length ?? 0) / 56), (text?.split("\n").length ?? 1)))}
      onChange={(event) => put(event.target.value)}
    />
  );
}

const SCALAR = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false)$/;

/** Nothing yet: a number is typed as a number, as in the cells of a CSV file, and anything else as a text. */
function NullLeaf({ value, label, onPut }: { value: Slice; label: string; onPut: (raw: string) => void }): ReactNode {
  const [asText, setAsText] = useState(false);
  const kind = kindOf(value);
  const text = kind === "null" ? "" : (stringOf(value) ?? rawOf(value));
  const put = (next: string, isText: boolean): void => onPut(next === "" ? "null" : SCALAR.test(next) && !isText ? next : JSON.stringify(next));
  return (
    <>
      <textarea aria-label={label} value={text} placeholder="(null)" rows={Math.min(16, Math.max(1, text.split("\n").length))} onChange={(event) => put(event.target.value, asText)} />
      {SCALAR.test(text) && (
        <p className="dim">
          A {asText ? "text" : kind === "number" ? "number" : "boolean"}.{" "}
          <Button
            onClick={() => {
              setAsText(!asText);
              put(text, !asText);
            }}
          >
            Make it a {asText ? "value" : "text"}
          </Button>
        </p>
      )}
    </>
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
