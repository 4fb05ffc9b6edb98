// Tells where a text that somebody types stops being JSON, and why, in words.

export interface JSONProblem {
  readonly at: number;
  readonly message: string;
}

class Stop extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const BLANKS = /[ \n\r\t]*/y;
// The service stores no deeper values.
const MAX_DEPTH = 250;

export function problemOf(text: string): JSONProblem | null {
  try {
    const end = blanks(text, value(text, blanks(text, 0), 0));
    if (end < text.length) throw new Stop(end, "The value ends before this.");
    return null;
  } catch (error) {
    if (error instanceof Stop) return { at: error.at, message: error.message };
    throw error;
  }
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const blanks = (text: string, at: number): number => match(BLANKS, text, at);

function value(text: string, at: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new Stop(at, `Values may be nested ${MAX_DEPTH} levels deep.`);
  const first = text[at];
  if (first === undefined) throw new Stop(at, at === 0 || !text.trim() ? "A value is missing." : "The text ends too early.");
  if (first === "{") return object(text, at, depth);
  if (first === "[") return array(text, at, depth);
  if (first === '"') return string(text, at);
  return scalar(text, at);
}

function scalar(text: string, at: number): number {
  const end = match(NUMBER, text, at);
  if (end > at) {
    if (/[\w.+-]/.test(text[end] ?? "")) throw new Stop(at, "This is not a number in JSON.");
    return end;
  }
  const word = text.slice(at, match(WORD, text, at));
  if (word === "true" || word === "false" || word === "null") return at + word.length;
  if (text[at] === "'") throw new Stop(at, "Texts stand in double quotes.");
  if (word) throw new Stop(at, `“${word}” is not JSON; a text stands in double quotes.`);
  throw new Stop(at, `A value is expected before “${text[at] as string}”.`);
}

function string(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const each = text[i] as string;
    if (each === '"') return i + 1;
    if (each === "\\") i = escape(text, i);
    else if (each < " ") throw new Stop(i, "A text cannot hold a line break or tab as such: write \\n or \\t.");
  }
  throw new Stop(at, "This text has no closing quote.");
}

function escape(text: string, at: number): number {
  const letter = text[at + 1] ?? "";
  if (letter && '"\\/bfnrt'.includes(letter)) return at + 1;
  if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) return at + 5;
  throw new Stop(at, `“\\${letter}” is no escape in JSON; a backslash itself is \\\\.`);
}

function object(text: string, at: number, depth: number): number {
  let i = blanks(text, at + 1);
  if (text[i] === "}") return i + 1;
  for (;;) {
    if (text[i] !== '"') throw new Stop(i, text[i] === "}" ? "No comma stands after the last member." : "A key in double quotes is expected.");
    i = blanks(text, string(text, i));
    if (text[i] !== ":") throw new Stop(i, "A colon is expected after the key.");
    i = blanks(text, value(text, blanks(text, i + 1), depth + 1));
    if (text[i] === "}") return i + 1;
    if (text[i] !== ",") throw new Stop(i, i >= text.length ? "The object has no closing brace." : "A comma or a closing brace is expected.");
    i = blanks(text, i + 1);
  }
}

function array(text: string, at: number, depth: number): number {
  let i = blanks(text, at + 1);
  if (text[i] === "]") return i + 1;
  for (;;) {
    if (text[i] === "]") throw new Stop(i, "No comma stands after the last element.");
    i = blanks(text, value(text, i, depth + 1));
    if (text[i] === "]") return i + 1;
    if (text[i] !== ",") throw new Stop(i, i >= text.length ? "The array has no closing bracket." : "A comma or a closing bracket is expected.");
    i = blanks(text, i + 1);
  }
}
