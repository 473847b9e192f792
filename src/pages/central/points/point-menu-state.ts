import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** The point whose menu is open, and the button it hangs from. */
type OpenMenu = { cpId: string; button: HTMLElement };

const menu = createStore<{ open: OpenMenu | undefined }>(() => ({ open: undefined }));

/** Opens the menu at a button; once more at the same button closes it. */
export function togglePointMenu(cpId: string, button: HTMLElement): void {
  menu.setState(({ open }) => ({ open: open?.button === button ? undefined : { cpId, button } }));
}

export function closePointMenu(): void {
  menu.setState({ open: undefined });
}

export function useOpenMenu(): OpenMenu | undefined {
  return useStore(menu, (state) => state.open);
}

export function useIsMenuOpen(cpId: string): boolean {
  return useStore(menu, (state) => state.open?.cpId === cpId);
}
