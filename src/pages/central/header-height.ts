import { type RefObject, useLayoutEffect } from 'react';

const SPARE_PX = 16;
let heightPx = 0;

/** How much of the window's top the header covers; nothing where it scrolls away. */
export function headerHeightPx(): number {
  return heightPx;
}

/** What sticks, scrolls or gets the focus below the header is told how high it is: it wraps into two lines in narrow windows (2.4.11). */
export function useHeaderHeight(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const header = ref.current;
    if (!header) return;
    const { style } = document.documentElement;
    const measure = () => {
      heightPx = getComputedStyle(header).position === 'sticky' ? header.offsetHeight : 0;
      style.setProperty('--header-height', `${heightPx}px`);
      style.scrollPaddingTop = `${heightPx + SPARE_PX}px`;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(header);
    measure();
    return () => observer.disconnect();
  }, [ref]);
}
