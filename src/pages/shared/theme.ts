import { useSyncExternalStore } from 'react';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'ev.theme';
const listeners = new Set<() => void>();
let theme: Theme = 'auto';

/** Puts the saved theme on the page; call before the first render. */
export function startTheme(): void {
  const saved = localStorage.getItem(STORAGE_KEY);
  setTheme(THEMES.find((known) => known === saved) ?? 'auto');
}

export function setTheme(next: Theme): void {
  theme = next;
  localStorage.setItem(STORAGE_KEY, next);
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => theme,
  );
}
