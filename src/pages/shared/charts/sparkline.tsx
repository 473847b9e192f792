import styles from './sparkline.module.css';

const WIDTH = 120;
const HEIGHT = 32;

/** A line through the last values, from 0 to `max`; of so little space it tells only rise, fall and rest. */
export function Sparkline({ values, max }: { values: readonly number[]; max: number }) {
  const step = WIDTH / Math.max(1, values.length - 1);
  const y = (value: number) => HEIGHT - 2 - (Math.min(value, max) / Math.max(1, max)) * (HEIGHT - 4);
  const points = values.map((value, place) => `${(place * step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      data-empty={values.length < 2}
    >
      {values.length < 2 ? (
        <line x1="0" x2={WIDTH} y1={HEIGHT - 2} y2={HEIGHT - 2} />
      ) : (
        <polyline points={points} vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  );
}
