import type { ReactNode } from 'react';
import type { PointState } from '../../../domain/vocabulary.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './charts.module.css';

export type ChartRow = { id: string; name: string; icon?: ReactNode; value: number; text: string; state?: PointState };

type Props = {
  title: string;
  testId: string;
  rows: readonly ChartRow[];
  /** What the values are, for the file: "energyWh". */
  valueName: string;
  nameOfRows: string;
  empty: string | undefined;
};

/** A few figures side by side, each a bar with its name and value in words. */
export function RowChart({ title, testId, rows, valueName, nameOfRows, empty }: Props) {
  const { t } = useCentralTexts();
  const largest = Math.max(1, ...rows.map((row) => row.value));
  const summary = t('charts.summaryNow', { title, rows: rows.map((row) => `${row.name} ${row.text}`).join('; ') });
  return (
    <ChartFrame
      title={title}
      testId={testId}
      empty={empty}
      table={{ head: [nameOfRows, title], rows: rows.map((row) => [row.name, row.text]) }}
      csv={[['id', valueName], ...rows.map((row) => [row.id, row.value])]}
    >
      <ul className={styles.rows} aria-label={summary}>
        {rows.map((row) => (
          <li key={row.id}>
            <span className={styles.rowName}>
              {row.icon}
              {row.name}
            </span>
            <span className={styles.bar} data-state={row.state} aria-hidden="true">
              <span style={{ width: `${(row.value / largest) * 100}%` }} />
            </span>
            <span className={styles.rowValue}>{row.text}</span>
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
