// Other white space round the same tokens.

import { rawOf, skipBlanks, skipString, skipValue, type Slice } from "./slice";

/** The tokens of a value as they are spelt: strings, scalars, and one mark each for { } [ ] , and : */
export function* tokensOf({ text, start, end }: Slice): Generator<string> {
  for (let at = skipBlanks(text, start); at < end; at = skipBlanks(text, at)) {
    const first = text[at] as string;
    let next = at + 1;
    if (first === '"') next = skipString(text, at);
    else if (!"{}[],:".includes(first)) next = skipValue(text, at);
    yield text.slice(at, next);
    at = next;
  }
}

/** Two spaces a level; `{}` and `[]` stay on their line. */
export function prettyOf(slice: Slice): string {
  const lines: string[] = [];
  let depth = 0;
  let opened = false;
  const newLine = (): void => {
    lines.push("\n", "  ".repeat(depth));
  };
  for (const token of tokensOf(slice)) {
    const closes = token === "}" || token === "]";
    if (closes) depth--;
    if (opened !== closes && (opened || closes)) newLine();
    opened = token === "{" || token === "[";
    if (opened) depth++;
    lines.push(token === ":" ? ": " : token);
    if (token === ",") newLine();
  }
  return lines.join("");
}

const STYLES: readonly (readonly [string, string])[] = [
  [", ", ": "],
  [",", ":"],
  [",", ": "],
];

const joined = (slice: Slice, [comma, colon]: readonly [string, string]): string =>
  [...tokensOf(slice)].map((token) => (token === "," ? comma : token === ":" ? colon : token)).join("");

/** The edited text with the spacing that the original had, where that was one of the usual ones on one line. */
export function inStyleOf(original: Slice, edited: Slice): string {
  const raw = rawOf(original);
  const style = STYLES.find((each) => joined(original, each) === raw);
  return style ? joined(edited, style) : rawOf(edited);
}
