import { type PointerEvent, useState } from 'react';
import { duration } from '../format.ts';
import { useFormats, useTexts } from '../i18n.ts';
import styles from './charge-curve.module.css';
import { type CurvePoint, curveShape, readingAt } from './curve-shape.ts';

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

type LegendProps = { reading: CurvePoint | undefined; maxPowerW: number | undefined };

/** The names of the lines, and beside them the figures of the reading under the pointer (ux 5). */
function Legend({ reading, maxPowerW }: LegendProps) {
  const { t } = useTexts();
  const formats = useFormats();
  const [second = 0, powerW = 0, energyWh = 0] = reading ?? [];
  return (
    <figcaption className={styles.legend} aria-hidden="true">
      <span data-line="power">
        {t('figure.power')} {reading ? <strong>{formats.power(powerW)}</strong> : '(kW)'}
      </span>
      <span data-line="energy">
        {t('figure.energy')} {reading ? <strong>{formats.energy(energyWh)}</strong> : '(kWh)'}
      </span>
      {reading ? <strong>{duration(second * 1_000)}</strong> : null}
      {maxPowerW === undefined || reading ? null : <span data-line="limit">{t('figure.maxPower')}</span>}
    </figcaption>
  );
}

function GridLines({ limitY }: { limitY: number | undefined }) {
  return (
    <>
      {[25, 50, 75].map((y) => (
        <line key={y} className={styles.grid} x1="0" x2="100" y1={y} y2={y} />
      ))}
      {limitY === undefined ? null : <line className={styles.limit} x1="0" x2="100" y1={limitY} y2={limitY} />}
    </>
  );
}

/** Power and energy of one charge over its time (ux 5): drawn as SVG, so it prints; told in one sentence and as a table. */
export function ChargeCurve(props: { points: readonly CurvePoint[]; maxPowerW?: number; isSmall?: boolean }) {
  const { points, maxPowerW } = props;
  const { t } = useTexts();
  const formats = useFormats();
  const [share, setShare] = useState<number>();
  const shape = curveShape(points, maxPowerW);
  const reading = share === undefined ? undefined : points[readingAt(points, shape, share)];
  const [second = 0, powerW = 0, energyWh = 0] = points.at(-1) ?? [];
  const summary = t('curve.summary', {
    power: formats.power(powerW),
    max: formats.power(Math.max(0, ...points.map((point) => point[1] ?? 0))),
    energy: formats.energy(energyWh),
    time: duration(second * 1_000),
  });
  const look = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setShare((event.clientX - left) / width);
  };
  const cursorX = ((reading?.[0] ?? 0) - shape.startSecond) * (100 / shape.spanSeconds);
  return (
    <figure
      className={styles.figure}
      data-small={props.isSmall}
      data-testid="curve"
      data-count={points.length}
      data-from-second={shape.startSecond}
    >
      <div className={styles.axis} aria-hidden="true">
        <span>{formats.power(shape.topPowerW)}</span>
        <span>{formats.energy(shape.topEnergyWh)}</span>
      </div>
      <svg
        className={styles.plot}
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
        onPointerMove={look}
        onPointerLeave={() => setShare(undefined)}
      >
        <GridLines limitY={shape.limitY} />
        <path className={styles.area} d={shape.powerArea} />
        <path className={styles.power} d={shape.powerLine} />
        <path className={styles.energy} d={shape.energyLine} />
        {reading ? <line className={styles.cursor} x1={cursorX} x2={cursorX} y1="0" y2="100" /> : null}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        <span>{duration(shape.startSecond * 1_000)}</span>
        <span>{duration((shape.startSecond + shape.spanSeconds) * 1_000)}</span>
      </div>
      <Legend reading={reading} maxPowerW={maxPowerW} />
      {props.isSmall ? null : <CurveTable points={points} />}
    </figure>
  );
}
