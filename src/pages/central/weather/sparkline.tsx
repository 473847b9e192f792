import styles from './weather.module.css';

const WIDTH = 120;
const HEIGHT = 28;
const MARGIN = 3;
/** Longer without a reading is a gap, not a line (ux 5). */
const GAP_MS = 15 * 60_000;

/** The readings of a day as one line, `[atMs, temperatureCc, 1 if simulated]`; simulated ones dotted. */
export function Sparkline(props: { readings: readonly (readonly number[])[]; label: string }) {
  const { readings, label } = props;
  if (readings.length < 2) return <span className={styles.noLine}>—</span>;
  const temperatures = readings.map(([, cc = 0]) => cc);
  const low = Math.min(...temperatures);
  const high = Math.max(...temperatures);
  const fromMs = readings[0]?.[0] ?? 0;
  const spanMs = Math.max(1, (readings.at(-1)?.[0] ?? 0) - fromMs);
  const x = (atMs: number) => ((atMs - fromMs) / spanMs) * WIDTH;
  const y = (cc: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - MARGIN - ((cc - low) / (high - low)) * (HEIGHT - 2 * MARGIN);
  let before: number | undefined;
  const path = readings.map(([atMs = 0, cc = 0]) => {
    const isGap = before === undefined || atMs - before > GAP_MS;
    before = atMs;
    return `${isGap ? 'M' : 'L'}${x(atMs).toFixed(1)} ${y(cc).toFixed(1)}`;
  });
  const isSimulated = readings.some(([, , simulated]) => simulated === 1);
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
      data-simulated={isSimulated}
    >
      <path d={path.join('')} />
    </svg>
  );
}
