// A value on one line: keys dimmed, messages by role.

import type { ReactNode } from "react";
import { previewOf } from "../json/preview";
import { kindOf, type Slice } from "../json/slice";

/** Characters of a value that a cell shows at most. */
const WIDTH = 320;

export function Pieces({ value, width = WIDTH }: { value: Slice; width?: number }): ReactNode {
  if (kindOf(value) === "null") return <span className="faint">null</span>;
  return previewOf(value, width).map(({ kind, text }, i) => (
    <span key={i} className={`piece ${kind}`}>
      {visible(text)}
    </span>
  ));
}

/** Line breaks are shown as such, and what would turn the direction of the row, or hide, by its name. */
export function visible(text: string): string {
  return text
    .replace(/\r\n|\n|\r/g, " ↵ ")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (each) => `␣${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
