// Which values a form can show well.

import { elementsOf, kindOf, membersOf, type Slice } from "../json/slice";

const MOST_LEAVES = 60;
const DEEPEST = 4;
const LONGEST = 100_000;

export function fitsForm(slice: Slice): boolean {
  if (slice.end - slice.start > LONGEST) return false;
  const leaves = leavesOf(slice, 0);
  return leaves > 0 && leaves <= MOST_LEAVES;
}

function leavesOf(slice: Slice, depth: number): number {
  const kind = kindOf(slice);
  if (kind !== "object" && kind !== "array") return 1;
  if (depth >= DEEPEST) return Infinity;
  const children = kind === "object" ? membersOf(slice).map((each) => each.value) : elementsOf(slice);
  return children.reduce((sum, child) => sum + leavesOf(child, depth + 1), 0);
}
