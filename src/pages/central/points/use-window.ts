import { type RefObject, useLayoutEffect, useState } from 'react';
import { rowsInWindow } from './point-rows.ts';

/** Room drawn above and below the window, so that a quick scroll does not show empty places. */
const SPARE_PX = 160;

/** The rows of a long list that the window shows now: first, and one past the last. */
export function useRowsInWindow(ref: RefObject<HTMLElement | null>, offsets: readonly number[]): [number, number] {
  const [range, setRange] = useState<[number, number]>([0, 0]);
  useLayoutEffect(() => {
    const look = () => {
      const topPx = -(ref.current?.getBoundingClientRect().top ?? 0);
      const next = rowsInWindow(offsets, {
        topPx: topPx - SPARE_PX,
        bottomPx: topPx + window.innerHeight + SPARE_PX,
      });
      setRange((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
    };
    look();
    window.addEventListener('scroll', look, { passive: true, capture: true });
    window.addEventListener('resize', look);
    // What stands above the list may grow or shrink.
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => {
      window.removeEventListener('scroll', look, { capture: true });
      window.removeEventListener('resize', look);
      observer.disconnect();
    };
  }, [ref, offsets]);
  const count = offsets.length - 1;
  return [Math.min(range[0], count), Math.min(range[1], count)];
}
