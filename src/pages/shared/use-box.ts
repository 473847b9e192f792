import { type RefObject, useLayoutEffect, useState } from 'react';

/** Width of an element, and the size of the root's letters, both in pixels. */
export function useBox(ref: RefObject<HTMLElement | null>): { widthPx: number; remPx: number } {
  const [box, setBox] = useState({ widthPx: 0, remPx: 16 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const widthPx = element.clientWidth;
      const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      setBox((before) => (before.widthPx === widthPx && before.remPx === remPx ? before : { widthPx, remPx }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return box;
}
