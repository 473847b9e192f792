import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

type Selection = { cpIds: ReadonlySet<string>; last: string | undefined };

const NONE: Selection = { cpIds: new Set(), last: undefined };
const selection = createStore<Selection>(() => NONE);

/** One point more or less; with `range` everything between the last one touched and this one becomes as this one does. */
export function withToggled(before: Selection, cpId: string, range: readonly string[] | undefined): Selection {
  const isOn = !before.cpIds.has(cpId);
  const [from, to] = [range?.indexOf(before.last ?? '') ?? -1, range?.indexOf(cpId) ?? -1];
  const touched = range && from >= 0 && to >= 0 ? range.slice(Math.min(from, to), Math.max(from, to) + 1) : [cpId];
  const cpIds = new Set(before.cpIds);
  for (const one of touched) {
    if (isOn) cpIds.add(one);
    else cpIds.delete(one);
  }
  return { cpIds, last: cpId };
}

export function toggleSelected(cpId: string, range?: readonly string[]): void {
  selection.setState((before) => withToggled(before, cpId, range));
}

/** Selects all of these, or none of them. */
export function selectAll(cpIds: readonly string[], isOn: boolean): void {
  selection.setState((before) => {
    const next = new Set(before.cpIds);
    for (const cpId of cpIds) {
      if (isOn) next.add(cpId);
      else next.delete(cpId);
    }
    return { cpIds: next, last: undefined };
  });
}

export function clearSelection(): void {
  selection.setState(NONE);
}

export function useSelection(): ReadonlySet<string> {
  return useStore(selection, (state) => state.cpIds);
}

/** Renders again only when this one's tick changes. */
export function useIsSelected(cpId: string): boolean {
  return useStore(selection, (state) => state.cpIds.has(cpId));
}
