// Parts of a JSON text, without parsing it: every digit, the order of keys and repeated keys stay as they were sent.

export interface Slice {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Member {
  readonly key: string;
  readonly value: Slice;
}

export type Kind = "object" | "array" | "string" | "number" | "boolean" | "null";

const QUOTE = 34;
const BACKSLASH = 92;
const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

export function skipBlanks(text: string, at: number): number {
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The place after the string that begins at `at`. */
export function skipString(text: string, at: number): number {
  for (let end = at + 1; ; end++) {
    end = text.indexOf('"', end);
    if (end < 0) return text.length;
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
}

function skipNested(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = skipString(text, i) - 1;
    else if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return i + 1;
  }
  return text.length;
}

/** The place after the value that begins at `at`. */
export function skipValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return skipString(text, at);
  if (first === "{" || first === "[") return skipNested(text, at);
  let end = at;
  while (end < text.length && !",]} \n\r\t".includes(text[end] as string)) end++;
  return end;
}

export function sliceOf(text: string): Slice {
  const start = skipBlanks(text, 0);
  return { text, start, end: skipValue(text, start) };
}

export const rawOf = (slice: Slice): string => slice.text.slice(slice.start, slice.end);

export function kindOf({ text, start }: Slice): Kind {
  switch (text[start]) {
    case "{":
      return "object";
    case "[":
      return "array";
    case '"':
      return "string";
    case "t":
    case "f":
      return "boolean";
    case "n":
      return "null";
    default:
      return "number";
  }
}

/** All members in their order, a repeated key as often as it stands there; at most `limit`. */
export function membersOf({ text, start, end }: Slice, limit = Infinity): Member[] {
  const members: Member[] = [];
  if (text[start] !== "{") return members;
  for (let at = skipBlanks(text, start + 1); at < end - 1 && members.length < limit; ) {
    const afterKey = skipString(text, at);
    const key = JSON.parse(text.slice(at, afterKey)) as string;
    const value = valueAfter(text, skipBlanks(text, afterKey) + 1);
    members.push({ key, value });
    at = skipBlanks(text, skipBlanks(text, value.end) + 1);
  }
  return members;
}

export function elementsOf({ text, start, end }: Slice, limit = Infinity): Slice[] {
  const elements: Slice[] = [];
  if (text[start] !== "[") return elements;
  for (let at = skipBlanks(text, start + 1); at < end - 1 && elements.length < limit; ) {
    const value = valueAfter(text, at);
    elements.push(value);
    at = skipBlanks(text, skipBlanks(text, value.end) + 1);
  }
  return elements;
}

function valueAfter(text: string, at: number): Slice {
  const start = skipBlanks(text, at);
  return { text, start, end: skipValue(text, start) };
}

/** The member of that name; of a repeated key the last, as readers of JSON take it. */
export function memberOf(slice: Slice, key: string): Slice | undefined {
  return membersOf(slice).findLast((member) => member.key === key)?.value;
}

/** The text that a JSON string stands for, or null for another value. */
export function stringOf(slice: Slice): string | null {
  return kindOf(slice) === "string" ? (JSON.parse(rawOf(slice)) as string) : null;
}

/** The whole text with one slice of it replaced; all else stays to the letter. */
export function splice({ text, start, end }: Slice, raw: string): string {
  return text.slice(0, start) + raw + text.slice(end);
}
