import { Columns3 } from 'lucide-react';
import { useMemo } from 'react';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useMay, useOperator } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './column-choice.module.css';
import { chooseColumns, setColumnWidths, useChosenColumns, useColumnWidths } from './column-store.ts';
import { type ColumnViewer, choosableColumns, type PointColumn } from './table-columns.ts';

export function useColumnViewer(): ColumnViewer {
  const mayOrder = useMay('operator');
  const isSignedIn = useOperator() !== undefined;
  return useMemo(() => ({ mayOrder, isSignedIn }), [mayOrder, isSignedIn]);
}

/** Which columns the table has: ticked here; and the way back from widths that were set by hand. */
export function ColumnChoice({ shown }: { shown: readonly PointColumn[] }) {
  const { t } = useCentralTexts();
  const chosen = useChosenColumns();
  const hasWidths = Object.keys(useColumnWidths()).length > 0;
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
                  chooseColumns(now.includes(column) ? now.filter((other) => other !== column) : [...now, column])
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
          onClick={() => chooseColumns(undefined)}
        >
          {t('points.columns.automatic')}
        </ActionButton>
        <ActionButton
          size="small"
          testId="columns-usual-widths"
          blockedBy={hasWidths ? undefined : t('points.columns.areUsual')}
          onClick={() => setColumnWidths({})}
        >
          {t('points.columns.usual')}
        </ActionButton>
      </div>
    </>
  );
}
