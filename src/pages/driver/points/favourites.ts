import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const STORAGE_KEY = 'ev.favourites';
const MAX_FAVOURITES = 200;

function load(): ReadonlySet<string> {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return new Set(Array.isArray(saved) ? saved.filter((id) => typeof id === 'string').slice(0, MAX_FAVOURITES) : []);
  } catch {
    // Somebody else wrote there: begin anew.
    return new Set();
  }
}

const favourites = createStore<{ ids: ReadonlySet<string> }>(() => ({ ids: load() }));

/** Points with a star, on this device. */
export function useFavourites(): ReadonlySet<string> {
  return useStore(favourites, (state) => state.ids);
}

export function toggleFavourite(cpId: string): void {
  const ids = new Set(favourites.getState().ids);
  if (!ids.delete(cpId)) ids.add(cpId);
  localStorage.setItem(STORAGE_KEY, JSON.stringify([...ids].slice(-MAX_FAVOURITES)));
  favourites.setState({ ids });
}
