// A value for reading: members under each other, texts as texts, messages as messages, digits as they are.

import { useState, type ReactNode } from "react";
import { visible } from "../items/Pieces";
import { messageOf, messagesOf, type Message } from "../json/preview";
import { elementsOf, kindOf, membersOf, rawOf, stringOf, type Member, type Slice } from "../json/slice";
import { Button } from "../ui/Button";
import { bytes, number } from "../ui/format";

// More is shown when it is asked for: a value of a megabyte must not freeze the page.
const LONGEST_TEXT = 20_000;
const MOST_PARTS = 100;
const DEEPEST = 6;

export function ValueView({ value, depth = 0 }: { value: Slice; depth?: number }): ReactNode {
  switch (kindOf(value)) {
    case "string":
      return <TextView value={value} />;
    case "object":
      return <ObjectView value={value} depth={depth} />;
    case "array":
      return <ArrayView value={value} depth={depth} />;
    case "null":
      return <span className="faint">null</span>;
    default:
      return <span className="mono wrap">{rawOf(value)}</span>;
  }
}

function TextView({ value }: { value: Slice }): ReactNode {
  const [all, setAll] = useState(false);
  const text = stringOf(value) ?? "";
  if (text === "") return <span className="faint">(empty text)</span>;
  const isLong = text.length > LONGEST_TEXT && !all;
  return (
    <span className="text">
      {isLong ? text.slice(0, LONGEST_TEXT) : text}
      {isLong && (
        <>
          {" … "}
          <Button onClick={() => setAll(true)}>Show all {number(text.length)} characters</Button>
        </>
      )}
    </span>
  );
}

function ObjectView({ value, depth }: { value: Slice; depth: number }): ReactNode {
  const [limit, setLimit] = useState(MOST_PARTS);
  if (depth >= DEEPEST) return <RawView value={value} />;
  const message = messageOf(value);
  if (message) return <MessageView message={message} depth={depth} />;
  const members = membersOf(value, limit + 1);
  if (!members.length) return <span className="faint mono">{"{}"}</span>;
  return (
    <>
      <Members members={members.slice(0, limit)} depth={depth} />
      {members.length > limit && <More onMore={() => setLimit(limit * 10)} />}
    </>
  );
}

function Members({ members, depth }: { members: readonly Member[]; depth: number }): ReactNode {
  return (
    <dl className="members">
      {members.map((member, i) => (
        <div key={i} className={isShort(member.value) ? "short" : ""}>
          <dt>{visible(member.key) || "(empty key)"}</dt>
          <dd>
            <ValueView value={member.value} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function MessageView({ message: { role, content, rest }, depth }: { message: Message; depth: number }): ReactNode {
  return (
    <div className={`message ${role === "user" ? "user" : ""}`}>
      <span className="role">{role}</span>
      <ValueView value={content} depth={depth + 1} />
      {rest.length > 0 && <Members members={rest} depth={depth + 1} />}
    </div>
  );
}

const isShort = (value: Slice): boolean => {
  const kind = kindOf(value);
  return kind !== "object" && kind !== "array" && value.end - value.start <= 40;
};

function ArrayView({ value, depth }: { value: Slice; depth: number }): ReactNode {
  const [limit, setLimit] = useState(MOST_PARTS);
  if (depth >= DEEPEST) return <RawView value={value} />;
  const messages = messagesOf(value);
  if (messages)
    return (
      <div className="messages">
        {messages.slice(0, limit).map((message, i) => (
          <MessageView key={i} message={message} depth={depth} />
        ))}
        {messages.length > limit && <More onMore={() => setLimit(limit * 10)} />}
      </div>
    );
  const elements = elementsOf(value, limit + 1);
  if (!elements.length) return <span className="faint mono">[]</span>;
  return (
    <ol className="elements" start={0}>
      {elements.slice(0, limit).map((element, i) => (
        <li key={i}>
          <ValueView value={element} depth={depth + 1} />
        </li>
      ))}
      {elements.length > limit && <More onMore={() => setLimit(limit * 10)} />}
    </ol>
  );
}

const More = ({ onMore }: { onMore: () => void }): ReactNode => <Button onClick={onMore}>Show more</Button>;

export function RawView({ value }: { value: Slice }): ReactNode {
  const [all, setAll] = useState(false);
  const size = value.end - value.start;
  const isLong = size > LONGEST_TEXT && !all;
  return (
    <span className="mono wrap">
      {isLong ? value.text.slice(value.start, value.start + LONGEST_TEXT) : rawOf(value)}
      {isLong && (
        <>
          {" … "}
          <Button onClick={() => setAll(true)}>Show all {bytes(size)}</Button>
        </>
      )}
    </span>
  );
}
