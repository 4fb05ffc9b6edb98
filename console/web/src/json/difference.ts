// What differs between two values, place by place, and between two texts, word by word.

import { tokensOf } from "./format";
import { elementsOf, kindOf, membersOf, rawOf, type Slice } from "./slice";

export interface Change {
  readonly path: string;
  readonly from: Slice | null;
  readonly to: Slice | null;
  /** The same value, spelt with other white space. */
  readonly isSpacing?: boolean;
}

export interface Segment {
  readonly text: string;
  readonly differs: boolean;
}

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key);

/** White space that differs is told only where nothing else does. */
export function changesBetween(from: Slice | null, to: Slice | null, path: string): Change[] {
  const all = placesBetween(from, to, path);
  const real = all.filter((each) => !each.isSpacing);
  return real.length ? real : all;
}

function placesBetween(from: Slice | null, to: Slice | null, path: string): Change[] {
  if (from && to && rawOf(from) === rawOf(to)) return [];
  const parts = from && to && kindOf(from) === kindOf(to) ? commonParts(from, to) : null;
  if (!parts) return [{ path, from, to }];
  const changes = parts.flatMap(([key, a, b]) => placesBetween(a, b, join(path, key)));
  if (changes.length) return changes;
  // Spelling alone: white space, or the order of keys.
  const [before, after] = [from as Slice, to as Slice];
  return [{ path, from: before, to: after, isSpacing: withoutSpacing(before) === withoutSpacing(after) }];
}

const withoutSpacing = (slice: Slice): string => [...tokensOf(slice)].join("");

type Part = [string, Slice | null, Slice | null];

function commonParts(from: Slice, to: Slice): Part[] | null {
  if (kindOf(from) === "object") {
    const before = membersOf(from);
    const after = membersOf(to);
    if (repeats(before.map((each) => each.key)) || repeats(after.map((each) => each.key))) return null;
    const a = new Map(before.map((each) => [each.key, each.value]));
    const b = new Map(after.map((each) => [each.key, each.value]));
    return [...new Set([...a.keys(), ...b.keys()])].map((key) => [key, a.get(key) ?? null, b.get(key) ?? null]);
  }
  if (kindOf(from) === "array") {
    const before = elementsOf(from);
    const after = elementsOf(to);
    const longest = Math.max(before.length, after.length);
    return Array.from({ length: longest }, (_, i) => [String(i), before[i] ?? null, after[i] ?? null]);
  }
  return null;
}

const repeats = (keys: string[]): boolean => new Set(keys).size < keys.length;

// The table below is of this many cells at most; longer texts are shown as changed from where they part.
const MAX_CELLS = 400_000;

// A number is one word, whatever its digits have in common with another's.
const wordsOf = (text: string): string[] => text.match(/\s+|\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

export function wordDifference(from: string, to: string): [Segment[], Segment[]] {
  const a = wordsOf(from);
  const b = wordsOf(to);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  const [keptA, keptB] = middleA.length * middleB.length <= MAX_CELLS ? kept(middleA, middleB) : [[], []];
  const before = a.slice(0, head);
  const after = tail ? a.slice(-tail) : [];
  return [segments(before, middleA, keptA, after), segments(before, middleB, keptB, after)];
}

/** For each word whether it belongs to the longest common subsequence. */
function kept(a: string[], b: string[]): [boolean[], boolean[]] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] as number) + 1
          : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
    }
  }
  const keptA = a.map(() => false);
  const keptB = b.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      keptA[i++] = true;
      keptB[j++] = true;
    } else if ((lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number)) i++;
    else j++;
  }
  return [keptA, keptB];
}

function segments(before: string[], middle: string[], keeps: boolean[], after: string[]): Segment[] {
  const all: { text: string; differs: boolean }[] = [];
  const add = (text: string, differs: boolean): void => {
    const last = all.at(-1);
    if (last?.differs === differs) last.text += text;
    else if (text) all.push({ text, differs });
  };
  before.forEach((each) => add(each, false));
  middle.forEach((each, i) => add(each, !keeps[i]));
  after.forEach((each) => add(each, false));
  return all;
}
