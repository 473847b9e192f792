import { Download, ImageDown } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { type CsvValue, csvText } from '../../../messages/csv-text.ts';
import { downloadBlob, downloadCsv } from '../../shared/download-text.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import { pictureOf } from './chart-picture.ts';
import styles from './charts.module.css';

export type TableOfChart = { head: readonly string[]; rows: readonly (readonly string[])[] };

type Props = {
  title: string;
  testId: string;
  children: ReactNode;
  table: TableOfChart;
  /** The figures as the server gave them: integers in the units that the head names, times in UTC. */
  csv: readonly (readonly CsvValue[])[];
  /** Undefined: there is something to draw. */
  empty?: string | undefined;
  note?: string | undefined;
};

function ChartTable({ head, rows }: TableOfChart) {
  const { t } = useCentralTexts();
  return (
    <details className={styles.foot}>
      <summary>{t('nav.asTable')}</summary>
      <div className={styles.tableBox} {...SCROLLED_BY_KEYS}>
        <table className={styles.table}>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row[0]}>
                {row.map((value, place) => (
                  <td key={head[place]}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

type ExportProps = Pick<Props, 'title' | 'testId' | 'csv'> & { pictureRef: RefObject<HTMLDivElement | null> };

/** Each chart as a file: its figures, or the picture as it is seen (ux 5). */
function Exports({ title, testId, csv, pictureRef }: ExportProps) {
  const { t } = useCentralTexts();
  const savePicture = async () => {
    try {
      downloadBlob({ name: `${testId}.png`, content: await pictureOf(pictureRef.current!) });
    } catch {
      // A browser that does not let pages draw pages: the figures remain.
      say('error', t('charts.noPicture'));
    }
  };
  return (
    <div className={styles.exports}>
      <ActionButton
        size="small"
        variant="quiet"
        testId={`${testId}-csv`}
        label={t('charts.asCsv', { title })}
        onClick={() => downloadCsv({ name: `${testId}.csv`, text: csvText(csv) })}
      >
        <Download size={16} aria-hidden="true" /> CSV
      </ActionButton>
      <ActionButton
        size="small"
        variant="quiet"
        testId={`${testId}-png`}
        label={t('charts.asPng', { title })}
        onClick={() => void savePicture()}
      >
        <ImageDown size={16} aria-hidden="true" /> PNG
      </ActionButton>
    </div>
  );
}

/** What every chart has: its title, the same figures as a table and as files, and a sentence when there is nothing (ux 2.8). */
export function ChartFrame(props: Props) {
  const { title, testId, children, table, empty, note } = props;
  const pictureRef = useRef<HTMLDivElement>(null);
  return (
    <Card label={title} testId={testId}>
      <div className={styles.chart}>
        <div ref={pictureRef} className={styles.picture}>
          <h3>{title}</h3>
          {empty === undefined ? children : <Empty>{empty}</Empty>}
        </div>
        {note ? <p className={styles.foot}>{note}</p> : null}
        {empty === undefined ? (
          <div className={styles.ways}>
            <ChartTable {...table} />
            <Exports {...props} pictureRef={pictureRef} />
          </div>
        ) : null}
      </div>
    </Card>
  );
}
