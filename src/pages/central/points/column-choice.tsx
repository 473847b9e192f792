import { Columns3 } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useMay, useOperator } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './column-choice.module.css';
import {
  type ChoosableColumn,
  type ColumnViewer,
  choosableColumns,
  type PointColumn,
  readColumns,
} from './table-columns.ts';

const STORAGE_KEY = 'ev.columns';

const choice = createStore<{ chosen: readonly ChoosableColumn[] | undefined }>(() => ({
  chosen: readColumns(localStorage.getItem(STORAGE_KEY)),
}));

function choose(chosen: readonly ChoosableColumn[] | undefined): void {
  if (chosen) localStorage.setItem(STORAGE_KEY, JSON.stringify(chosen));
  else localStorage.removeItem(STORAGE_KEY);
  choice.setState({ chosen });
}

/** The columns that this reader has chosen; undefined: as many as fit. */
export function useChosenColumns(): readonly ChoosableColumn[] | undefined {
  return useStore(choice, (state) => state.chosen);
}

export function useColumnViewer(): ColumnViewer {
  const mayOrder = useMay('operator');
  const isSignedIn = useOperator() !== undefined;
  return useMemo(() => ({ mayOrder, isSignedIn }), [mayOrder, isSignedIn]);
}

/** Which columns the table has: ticked here, remembered in this browser (ux 2.7). */
export function ColumnChoice({ shown }: { shown: readonly PointColumn[] }) {
  const { t } = useCentralTexts();
  const chosen = useChosenColumns();
  const all = choosableColumns(useColumnViewer());
  const now = all.filter((column) => (chosen ?? shown).includes(column));
  return (
    <>
      <button type="button" className={styles.button} popoverTarget="point-columns" data-testid="columns">
        <Columns3 size={16} aria-hidden="true" /> {t('points.columns.title')}
      </button>
      <div id="point-columns" popover="auto" className={styles.popover}>
        <fieldset className={styles.list}>
          <legend>{t('points.columns.title')}</legend>
          {all.map((column) => (
            <label key={column}>
              <input
                type="checkbox"
                checked={now.includes(column)}
                data-testid={`column-${column}`}
                onChange={() =>
                  choose(now.includes(column) ? now.filter((other) => other !== column) : [...now, column])
                }
              />
              {t(`points.column.${column}`)}
            </label>
          ))}
        </fieldset>
        <ActionButton
          size="small"
          testId="columns-auto"
          blockedBy={chosen ? undefined : t('points.columns.areAutomatic')}
          onClick={() => choose(undefined)}
        >
          {t('points.columns.automatic')}
        </ActionButton>
      </div>
    </>
  );
}
