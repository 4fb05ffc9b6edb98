// The labels of a dataset as words between commas, beside the text of its metadata, which keeps all else to the letter.

import { problemOf } from "../json/check";
import { elementsOf, kindOf, memberOf, membersOf, sliceOf, splice, stringOf } from "../json/slice";

/** Null where the metadata has no place for labels, or has something else there. */
export function labelsText(metadata: string): string | null {
  if (!metadata.trim()) return "";
  if (problemOf(metadata)) return null;
  const all = sliceOf(metadata);
  if (kindOf(all) !== "object") return null;
  const labels = memberOf(all, "labels");
  if (!labels) return "";
  const words = kindOf(labels) === "array" ? elementsOf(labels).map(stringOf) : [null];
  return words.every((each) => each !== null && each.trim() === each && each !== "" && !each.includes(",")) ? words.join(", ") : null;
}

export function withLabels(metadata: string, text: string): string {
  const raw = JSON.stringify(text.split(",").map((each) => each.trim()).filter(Boolean)).replace(/","/g, '", "');
  if (!metadata.trim()) return `{\n  "labels": ${raw}\n}`;
  const all = sliceOf(metadata);
  const labels = memberOf(all, "labels");
  if (labels) return splice(labels, raw);
  const members = membersOf(all);
  const at = members.at(-1)?.value.end ?? all.start + 1;
  return splice({ text: metadata, start: at, end: at }, `${members.length ? "," : ""}\n  "labels": ${raw}${members.length ? "" : "\n"}`);
}
