// The rows that are about to be seen, over a scroll that may stand for more than a page can be high.
//
// All rows are of one height, so that a million of them cost no more than ten: nothing is measured, nothing is listed.

import { useCallback, useEffect, useReducer, useState, type RefObject } from "react";
import { ScrollScale } from "./ScrollScale";

const REST = 120;
/** Rows that are there above and below those that are seen. */
const SPARE = 10;

export interface ScaledRows {
  readonly first: number;
  readonly last: number;
  /** Where a row is drawn. */
  readonly topOf: (index: number) => number;
  readonly reveal: (index: number) => void;
  readonly height: number;
}

/** `room` is the height of the element that scrolls. */
export function useScaledRows(scrollerRef: RefObject<HTMLDivElement | null>, room: number, count: number, rowHeight: number, headHeight: number): ScaledRows {
  const [scale] = useState(() => new ScrollScale());
  const [, draw] = useReducer((times: number) => times + 1, 0);
  scale.resize(count * rowHeight + headHeight, room);
  useEffect(() => follow(scrollerRef.current, scale, rowHeight, draw), [scrollerRef, scale, rowHeight]);
  const first = Math.max(0, firstIn(scale, rowHeight));
  const last = Math.min(count - 1, first + Math.ceil(room / rowHeight) + 2 * SPARE);
  const reveal = useCallback(
    (index: number): void => {
      const element = scrollerRef.current;
      if (!element) return;
      const space = element.clientHeight - headHeight;
      const top = index * rowHeight;
      if (top < scale.position) scale.moveTo(top);
      else if (top + rowHeight > scale.position + space) scale.moveTo(top + rowHeight - space);
      else return;
      element.scrollTop = scale.scrolled;
      element.dispatchEvent(new Event("scroll"));
    },
    [scale, scrollerRef, rowHeight, headHeight],
  );
  const topOf = (index: number): number => index * rowHeight - scale.position + scale.scrolled;
  return { first, last, topOf, reveal, height: scale.elementHeight - headHeight };
}

const firstIn = (scale: ScrollScale, rowHeight: number): number => Math.floor(scale.position / rowHeight) - SPARE;

/** Draws anew when other rows come into sight, or the same ones have another place. */
function follow(element: HTMLDivElement | null, scale: ScrollScale, rowHeight: number, draw: () => void): (() => void) | undefined {
  if (!element) return;
  let drawn = "";
  let timer = 0;
  const tell = (): void => {
    const now = `${firstIn(scale, rowHeight)} ${scale.scrolled - scale.position}`;
    if (now === drawn) return;
    drawn = now;
    draw();
  };
  const rest = (): void => {
    if (scale.isScaled && Math.abs(scale.scrolled - scale.moveTo(scale.position)) > 1) element.scrollTop = scale.scrolled;
    tell();
  };
  const scroll = (): void => {
    // Our own correction of the bar arrives here as well, and is none of the person's steps.
    if (Math.abs(element.scrollTop - scale.scrolled) > 1) scale.scrollTo(element.scrollTop);
    tell();
    clearTimeout(timer);
    timer = window.setTimeout(rest, REST);
  };
  element.addEventListener("scroll", scroll, { passive: true });
  return () => {
    clearTimeout(timer);
    element.removeEventListener("scroll", scroll);
  };
}
