import { duration } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './history.module.css';

const WIDTH = 480;
const HEIGHT = 120;

/** Power over the time of a charge, as its ticket keeps it: at most 120 [second, powerW, energyWh]. */
export function TicketCurve({ curve }: { curve: readonly (readonly number[])[] }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const [lastSecond = 0, , lastWh = 0] = curve.at(-1) ?? [];
  const peakW = Math.max(1, ...curve.map(([, powerW = 0]) => powerW));
  const x = (second: number) => (second / Math.max(1, lastSecond)) * WIDTH;
  const y = (powerW: number) => HEIGHT - 2 - (powerW / peakW) * (HEIGHT - 8);
  const line = curve.map(([second = 0, powerW = 0]) => `${x(second).toFixed(1)},${y(powerW).toFixed(1)}`).join(' L');
  const summary = t('history.curveSummary', {
    power: formats.power(peakW),
    energy: formats.energyDetail(lastWh),
    t: duration(lastSecond * 1_000),
  });
  return (
    <figure className={styles.curveBox}>
      <svg
        className={styles.curve}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${t('history.curve')}: ${summary}`}
      >
        <path d={`M0,${HEIGHT} L${line} L${WIDTH},${HEIGHT} Z`} fill="var(--accent)" opacity="0.15" />
        <path d={`M${line}`} fill="none" stroke="var(--accent)" strokeWidth="2" vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="muted">{summary}</figcaption>
    </figure>
  );
}
