// The rows that are about to be seen: TanStack Virtual, over a scroll that may stand for more than a page can be high.

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useState, type RefObject } from "react";
import { ScrollScale } from "./ScrollScale";

type Rows = Virtualizer<HTMLDivElement, Element>;

const REST = 120;

function observe(scale: ScrollScale, rows: Rows, tell: (offset: number, scrolling: boolean) => void): (() => void) | undefined {
  const element = rows.scrollElement;
  if (!element) return;
  let timer = 0;
  const rest = (): void => {
    if (scale.isScaled && Math.abs(scale.scrolled - scale.moveTo(scale.position)) > 1) element.scrollTop = scale.scrolled;
    tell(scale.position, false);
  };
  const scroll = (): void => {
    // Our own correction of the bar arrives here as well, and is none of the person's steps.
    if (Math.abs(element.scrollTop - scale.scrolled) > 1) scale.scrollTo(element.scrollTop);
    tell(scale.position, true);
    clearTimeout(timer);
    timer = window.setTimeout(rest, REST);
  };
  element.addEventListener("scroll", scroll, { passive: true });
  tell(scale.position, false);
  return () => {
    clearTimeout(timer);
    element.removeEventListener("scroll", scroll);
  };
}

export function useScaledRows(scroller: RefObject<HTMLDivElement | null>, count: number, rowHeight: number, headHeight: number) {
  const [scale] = useState(() => new ScrollScale());
  const rows = useVirtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    observeElementOffset: (instance, tell) => observe(scale, instance, tell),
    scrollToFn: (offset, { behavior }, instance) => {
      instance.scrollElement?.scrollTo({ top: scale.moveTo(offset), ...(behavior ? { behavior } : {}) });
    },
  });
  scale.resize(count * rowHeight + headHeight, scroller.current?.clientHeight ?? 0);
  /** Brings a row into sight; the library's own would stop where the element ends. */
  const reveal = useCallback(
    (index: number): void => {
      const element = scroller.current;
      if (!element) return;
      const room = element.clientHeight - headHeight;
      const top = index * rowHeight;
      if (top < scale.position) scale.moveTo(top);
      else if (top + rowHeight > scale.position + room) scale.moveTo(top + rowHeight - room);
      else return;
      element.scrollTop = scale.scrolled;
      element.dispatchEvent(new Event("scroll"));
    },
    [scale, scroller, rowHeight, headHeight],
  );
  /** Where a row is drawn, given where it is in truth. */
  const placeOf = (start: number): number => start - scale.position + scale.scrolled;
  return { rows, reveal, placeOf, height: scale.elementHeight - headHeight };
}
