import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { readWidths } from './column-widths.ts';
import { type ChoosableColumn, type ColumnWidths, readColumns } from './table-columns.ts';

const COLUMNS_KEY = 'ev.columns';
const WIDTHS_KEY = 'ev.columnWidths';

type Kept = { chosen: readonly ChoosableColumn[] | undefined; widths: ColumnWidths };

/** What this reader has made of the table, remembered in this browser (ux 2.7). */
const kept = createStore<Kept>(() => ({
  chosen: readColumns(localStorage.getItem(COLUMNS_KEY)),
  widths: readWidths(localStorage.getItem(WIDTHS_KEY)),
}));

/** Undefined: as many as fit. */
export function chooseColumns(chosen: readonly ChoosableColumn[] | undefined): void {
  if (chosen) localStorage.setItem(COLUMNS_KEY, JSON.stringify(chosen));
  else localStorage.removeItem(COLUMNS_KEY);
  kept.setState({ chosen });
}

export function setColumnWidths(widths: ColumnWidths): void {
  if (Object.keys(widths).length > 0) localStorage.setItem(WIDTHS_KEY, JSON.stringify(widths));
  else localStorage.removeItem(WIDTHS_KEY);
  kept.setState({ widths });
}

/** The columns that this reader has chosen; undefined: as many as fit. */
export function useChosenColumns(): readonly ChoosableColumn[] | undefined {
  return useStore(kept, (state) => state.chosen);
}

export function useColumnWidths(): ColumnWidths {
  return useStore(kept, (state) => state.widths);
}
