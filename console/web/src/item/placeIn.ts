// Where in a text the value is that the service refuses.

import { sliceAt } from "../json/merge";
import { sliceOf } from "../json/slice";

/** `attr` is the field's name and a path in it, joined by dots; null where it leads nowhere. */
export function placeIn(text: string, name: string, attr: string | null): number | null {
  if (!attr) return null;
  const path = attr === name ? "" : attr.slice(name.length + 1);
  try {
    return sliceAt(sliceOf(text), path)?.start ?? null;
  } catch {
    return null;
  }
}
