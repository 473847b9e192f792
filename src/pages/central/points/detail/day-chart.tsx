import { useFormats } from '../../../shared/i18n.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';
import styles from './day-chart.module.css';
import { type DayReading, dayShape } from './day-shape.ts';

const TABLE_ROWS = 24;

type Props = { readings: readonly DayReading[]; thresholds: { minCc: number; maxCc: number } | undefined };

function DayTable({ readings }: Pick<Props, 'readings'>) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const step = Math.max(1, Math.ceil(readings.length / TABLE_ROWS));
  return (
    <details className={styles.table}>
      <summary>{t('nav.asTable')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('charts.time')}</th>
            <th scope="col">{t('clima.temperature')}</th>
          </tr>
        </thead>
        <tbody>
          {readings
            .filter((_, place) => (readings.length - 1 - place) % step === 0)
            .map(([atMs = 0, cc = 0, simulated]) => (
              <tr key={atMs}>
                <td>{formats.time(atMs)}</td>
                <td>
                  {formats.temperature(cc)} {simulated === 1 ? t('weatherText.simulated') : ''}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}

/** The temperatures of the last day with the limits that stop a point; times outside them are shaded, simulated ones dotted (ux 5). */
export function DayChart({ readings, thresholds }: Props) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const shape = dayShape(readings, thresholds);
  const temperatures = readings.map(([, cc = 0]) => cc);
  const summary = t('points.detail.daySummary', {
    now: formats.temperature(temperatures.at(-1) ?? 0),
    low: formats.temperature(Math.min(...temperatures)),
    high: formats.temperature(Math.max(...temperatures)),
  });
  const limits = [
    { y: shape.maxY, cc: thresholds?.maxCc },
    { y: shape.minY, cc: thresholds?.minCc },
  ].flatMap(({ y, cc }) => (y === undefined || cc === undefined ? [] : [{ y, cc }]));
  return (
    <figure className={styles.figure} data-testid="day-chart">
      <figcaption>{summary}</figcaption>
      <div className={styles.plot}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={summary}>
          {shape.alerts.map(({ x, width }) => (
            <rect key={x} className={styles.alert} x={x} width={width} y="0" height="100" />
          ))}
          {limits.map(({ y }) => (
            <line key={y} className={styles.limit} x1="0" x2="100" y1={y} y2={y} />
          ))}
          <path className={styles.measured} d={shape.measured} />
          <path className={styles.simulated} d={shape.simulated} />
        </svg>
        <span className={styles.edge} style={{ top: 0 }} aria-hidden="true">
          {formats.temperature(shape.topCc)}
        </span>
        <span className={styles.edge} style={{ bottom: 0 }} aria-hidden="true">
          {formats.temperature(shape.bottomCc)}
        </span>
        {limits.map(({ y, cc }) => (
          <span key={cc} className={styles.limitName} style={{ top: `${y}%` }}>
            {t('points.detail.limit', { t: formats.temperature(cc) })}
          </span>
        ))}
      </div>
      <div className={styles.times} aria-hidden="true">
        <span>{formats.time(readings[0]?.[0] ?? 0).slice(0, 5)}</span>
        <span>{formats.time(readings.at(-1)?.[0] ?? 0).slice(0, 5)}</span>
      </div>
      <DayTable readings={readings} />
    </figure>
  );
}
