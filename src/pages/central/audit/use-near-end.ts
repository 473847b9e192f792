import { type RefObject, useEffect } from 'react';

/** Calls `more` when the element comes near the window: who scrolls on never presses a button. */
export function useNearEnd(end: RefObject<HTMLElement | null>, more: (() => void) | undefined): void {
  useEffect(() => {
    const element = end.current;
    if (!element || !more) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) more();
      },
      { rootMargin: '400px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [end, more]);
}
