// A time in words, the exact one when pointed at.

import type { ReactNode } from "react";
import { ago, exactTime } from "./format";

export function Time({ at }: { at: string }): ReactNode {
  return (
    <time dateTime={at} title={exactTime(at)}>
      {ago(at)}
    </time>
  );
}
