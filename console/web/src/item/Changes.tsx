// What differs between two values: a line for each place, words marked, as reviewers of text know it.

import type { ReactNode } from "react";
import { changesBetween, wordDifference, type Change, type Segment } from "../json/difference";
import { kindOf, rawOf, stringOf, type Slice } from "../json/slice";

// A difference with more places says how many more.
const MOST = 200;
const LONGEST = 20_000;

export function Changes({ from, to, path }: { from: Slice | null; to: Slice | null; path: string }): ReactNode {
  const changes = changesBetween(from, to, path);
  return (
    <div className="changes">
      {changes.slice(0, MOST).map((change) => (
        <ChangeLine key={change.path} change={change} />
      ))}
      {changes.length > MOST && <p className="dim">{changes.length - MOST} more places differ.</p>}
    </div>
  );
}

function ChangeLine({ change: { path, from, to, isSpacing } }: { change: Change }): ReactNode {
  if (isSpacing)
    return (
      <div className="change single">
        <div className="path">{path}</div>
        <div className="dim note">The same value; only the spaces between its parts differ.</div>
      </div>
    );
  const [before, after] = pairOf(from, to);
  return (
    <div className="change">
      <div className="path">{path}</div>
      <div className={classOf("old", from)}>{from ? <Marked segments={before} tag="del" /> : <span className="hidden">was not there</span>}</div>
      <div className={classOf("new", to)}>{to ? <Marked segments={after} tag="ins" /> : <span className="hidden">is gone</span>}</div>
    </div>
  );
}

const classOf = (side: "old" | "new", value: Slice | null): string => (value ? `${side} ${stringOf(value) === null ? "mono" : ""}` : "none");

/** Texts are compared as texts; anything else as it is spelt. */
function pairOf(from: Slice | null, to: Slice | null): [Segment[], Segment[]] {
  const texts = [from && stringOf(from), to && stringOf(to)];
  const areTexts = typeof texts[0] === "string" && typeof texts[1] === "string" && texts[0] !== texts[1];
  const [a, b] = areTexts ? (texts as [string, string]) : [from ? shown(from) : "", to ? shown(to) : ""];
  const areScalars = from && to && [from, to].every((each) => kindOf(each) === "number" || kindOf(each) === "boolean");
  if (areScalars) return [[{ text: a, differs: true }], [{ text: b, differs: true }]];
  if (!from || !to) return [[{ text: a.slice(0, LONGEST), differs: false }], [{ text: b.slice(0, LONGEST), differs: false }]];
  return wordDifference(a.slice(0, LONGEST), b.slice(0, LONGEST));
}

const shown = (slice: Slice): string => rawOf(slice);

function Marked({ segments, tag: Tag }: { segments: Segment[]; tag: "del" | "ins" }): ReactNode {
  return segments.map(({ text, differs }, i) => (differs ? <Tag key={i}>{text}</Tag> : <span key={i}>{text}</span>));
}
