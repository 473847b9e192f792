import type { ReactNode } from 'react';
import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './charts.module.css';

export type TableOfChart = { head: readonly string[]; rows: readonly (readonly string[])[] };

type Props = {
  title: string;
  testId: string;
  children: ReactNode;
  table: TableOfChart;
  /** Undefined: there is something to draw. */
  empty?: string | undefined;
  note?: string | undefined;
};

/** What every chart has: its title, the same figures as a table, and a sentence when there is nothing (ux 2.8). */
export function ChartFrame({ title, testId, children, table, empty, note }: Props) {
  const { t } = useCentralTexts();
  return (
    <Card label={title} testId={testId}>
      <div className={styles.chart}>
        <h3>{title}</h3>
        {empty === undefined ? children : <Empty>{empty}</Empty>}
        {note ? <p className={styles.foot}>{note}</p> : null}
        {empty === undefined ? (
          <details className={styles.foot}>
            <summary>{t('nav.asTable')}</summary>
            <div className={styles.tableBox} {...SCROLLED_BY_KEYS}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    {table.head.map((name) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {table.rows.map((row) => (
                    <tr key={row[0]}>
                      {row.map((value, place) => (
                        <td key={table.head[place]}>{value}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        ) : null}
      </div>
    </Card>
  );
}
