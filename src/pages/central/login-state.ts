import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const login = createStore<{ isOpen: boolean }>(() => ({ isOpen: false }));

/** Any part of the panel may ask for the login; the address stays where it is. */
export function openLogin(): void {
  login.setState({ isOpen: true });
}

export function closeLogin(): void {
  login.setState({ isOpen: false });
}

export function useIsLoginOpen(): boolean {
  return useStore(login, (state) => state.isOpen);
}
