import { duration } from '../format.ts';
import { useFormats, useTexts } from '../i18n.ts';
import styles from './charge-curve.module.css';
import { type CurvePoint, curveShape } from './curve-shape.ts';

const TABLE_ROWS = 12;

function sampled(points: readonly CurvePoint[]): CurvePoint[] {
  const step = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

function CurveTable({ points }: { points: readonly CurvePoint[] }) {
  const { t } = useTexts();
  const formats = useFormats();
  return (
    <details className={`${styles.table} no-print`}>
      <summary>{t('curve.asTable')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('figure.duration')}</th>
            <th scope="col">{t('figure.power')}</th>
            <th scope="col">{t('figure.energy')}</th>
          </tr>
        </thead>
        <tbody>
          {sampled(points).map(([second = 0, powerW = 0, energyWh = 0]) => (
            <tr key={`${second} ${energyWh}`}>
              <td>{duration(second * 1_000)}</td>
              <td>{formats.power(powerW)}</td>
              <td>{formats.energyDetail(energyWh)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Power and energy of one charge over its time (ux 5): drawn as SVG, so it prints; told in one sentence and as a table. */
export function ChargeCurve(props: { points: readonly CurvePoint[]; maxPowerW?: number; isSmall?: boolean }) {
  const { points, maxPowerW } = props;
  const { t } = useTexts();
  const formats = useFormats();
  const shape = curveShape(points, maxPowerW);
  const [second = 0, powerW = 0, energyWh = 0] = points.at(-1) ?? [];
  const summary = t('curve.summary', {
    power: formats.power(powerW),
    max: formats.power(Math.max(0, ...points.map((point) => point[1] ?? 0))),
    energy: formats.energy(energyWh),
    time: duration(second * 1_000),
  });
  return (
    <figure className={styles.figure} data-small={props.isSmall} data-testid="curve" data-count={points.length}>
      <div className={styles.axis} aria-hidden="true">
        <span>{formats.power(shape.topPowerW)}</span>
        <span>{formats.energy(shape.topEnergyWh)}</span>
      </div>
      <svg className={styles.plot} viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={summary}>
        <title>{summary}</title>
        {[25, 50, 75].map((y) => (
          <line key={y} className={styles.grid} x1="0" x2="100" y1={y} y2={y} />
        ))}
        {shape.limitY === undefined ? null : (
          <line className={styles.limit} x1="0" x2="100" y1={shape.limitY} y2={shape.limitY} />
        )}
        <path className={styles.area} d={shape.powerArea} />
        <path className={styles.power} d={shape.powerLine} />
        <path className={styles.energy} d={shape.energyLine} />
      </svg>
      <div className={styles.axis} aria-hidden="true">
        <span>0:00</span>
        <span>{duration(shape.spanSeconds * 1_000)}</span>
      </div>
      <figcaption className={styles.legend} aria-hidden="true">
        <span data-line="power">{t('figure.power')} (kW)</span>
        <span data-line="energy">{t('figure.energy')} (kWh)</span>
        {maxPowerW === undefined ? null : <span data-line="limit">{t('figure.maxPower')}</span>}
      </figcaption>
      {props.isSmall ? null : <CurveTable points={points} />}
    </figure>
  );
}
