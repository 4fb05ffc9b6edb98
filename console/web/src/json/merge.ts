// Two edits of one value: joined where they touch different places.

import { changesBetween, type Change } from "./difference";
import { elementsOf, kindOf, membersOf, rawOf, sliceOf, splice, type Slice } from "./slice";

/** The merged text, or null where both changed the same place, or one of them added or removed something. */
export function mergedText(base: string, mine: string, theirs: string): string | null {
  if (mine === theirs || mine === base) return theirs;
  if (theirs === base) return mine;
  const ours = changesBetween(sliceOf(base), sliceOf(mine), "");
  const others = changesBetween(sliceOf(base), sliceOf(theirs), "");
  if (!ours.every(isReplaced) || ours.some((one) => others.some((other) => touches(one.path, other.path)))) return null;
  let text = theirs;
  for (const { path, to } of ours) {
    const place = sliceAt(sliceOf(text), path);
    if (!place) return null;
    text = splice(place, rawOf(to as Slice));
  }
  return text;
}

/** All of the preferred edit, and of the other what touches none of its places. */
export function preferredText(base: string, preferred: string, other: string): string {
  const chosen = changesBetween(sliceOf(base), sliceOf(preferred), "");
  const rest = changesBetween(sliceOf(base), sliceOf(other), "").filter((one) => !chosen.some((each) => touches(one.path, each.path)));
  let text = preferred;
  for (const change of rest) {
    const place = isReplaced(change) && sliceAt(sliceOf(text), change.path);
    if (place) text = splice(place, rawOf(change.to as Slice));
  }
  return text;
}

const isReplaced = ({ path, from, to }: Change): boolean => path !== "" && from !== null && to !== null;

const touches = (a: string, b: string): boolean => a === b || a === "" || b === "" || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);

/** The value at a path of keys and numbers joined by dots; keys may hold dots themselves. */
export function sliceAt(slice: Slice, path: string): Slice | null {
  if (path === "") return slice;
  const children: [string, Slice][] =
    kindOf(slice) === "array" ? elementsOf(slice).map((each, i) => [String(i), each]) : membersOf(slice).map(({ key, value }) => [key, value]);
  for (const [key, value] of children.reverse()) {
    if (path === key) return value;
    if (path.startsWith(`${key}.`)) {
      const found = sliceAt(value, path.slice(key.length + 1));
      if (found) return found;
    }
  }
  return null;
}
