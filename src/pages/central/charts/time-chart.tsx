import { useState } from 'react';
import { csvTime } from '../../../messages/csv-text.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { AXIS_STEPS, axisTop, OTHERS, type Series, totals } from './chart-data.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './charts.module.css';

const WIDTH = 600;
const HEIGHT = 200;

export type TimeChartProps = {
  title: string;
  testId: string;
  kind: 'BARS' | 'AREAS';
  series: readonly Series[];
  /** One name for each place on the time axis, and the short ones beneath it. */
  places: readonly string[];
  /** The same as times, and what the figures are, for the file: "energyWh". */
  placesMs: readonly number[];
  valueName: string;
  ends: readonly string[];
  /** Word over the first column of the table. */
  placeName: string;
  format(value: number): string;
  /** The smallest difference that `format` shows. */
  unit: number;
  /** Colour of a series; by its place if not said. */
  colourOf?(name: string, place: number): string;
  nameOf?(name: string): string;
  empty: string | undefined;
  note?: string | undefined;
};

function place(value: number, top: number): number {
  return HEIGHT - (value / top) * HEIGHT;
}

/** Sums of the series up to and including each one, at one place. */
function heights(series: readonly Series[], at: number): (number | null)[] {
  let below = 0;
  return series.map(({ values }) => {
    const value = values[at] ?? null;
    if (value === null) return null;
    below += value;
    return below;
  });
}

function Bars({ series, top, colour }: { series: readonly Series[]; top: number; colour(place: number): string }) {
  const count = series[0]?.values.length ?? 0;
  const step = WIDTH / Math.max(1, count);
  return Array.from({ length: count }, (_, at) => at).flatMap((at) =>
    heights(series, at).map((height, layer) => {
      const value = series[layer]!.values[at] ?? 0;
      if (height === null || value === 0) return null;
      return (
        <rect
          key={`${at}-${series[layer]!.name}`}
          x={at * step + step * 0.12}
          width={step * 0.76}
          y={place(height, top)}
          height={(value / top) * HEIGHT}
          fill={colour(layer)}
        />
      );
    }),
  );
}

/** Stretches without a gap, as first and last place. */
function stretches(values: readonly (number | null)[]): [number, number][] {
  const found: [number, number][] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    const last = found.at(-1);
    if (last && last[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  });
  return found;
}

function Areas({ series, top, colour }: { series: readonly Series[]; top: number; colour(place: number): string }) {
  const count = series[0]?.values.length ?? 0;
  const x = (at: number) => ((at + 0.5) / Math.max(1, count)) * WIDTH;
  const sums = Array.from({ length: count }, (_, at) => heights(series, at));
  const edge = (layer: number, at: number) =>
    `${x(at).toFixed(1)},${place(layer < 0 ? 0 : (sums[at]?.[layer] ?? 0), top).toFixed(1)}`;
  return series.flatMap(({ name, values }, layer) =>
    stretches(values).map(([first, last]) => {
      const along = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
      const up = along.map((at) => edge(layer, at));
      const down = along.map((at) => edge(layer - 1, at)).reverse();
      return (
        <path
          key={`${name}-${first}`}
          d={`M${up.join(' L')} L${down.join(' L')} Z`}
          fill={colour(layer)}
          stroke={colour(layer)}
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
        />
      );
    }),
  );
}

function Legend(props: TimeChartProps & { at: number | undefined; colour(place: number): string }) {
  const { t } = useCentralTexts();
  const { series, format, at, colour } = props;
  const name = (one: Series) => nameOf(props, one, t('charts.others'));
  const total = at === undefined ? undefined : totals(series)[at];
  return (
    <ul className={styles.legend}>
      {at === undefined ? null : (
        <li>
          <strong>{props.places[at]}</strong>
        </li>
      )}
      {series.map((one, layer) => (
        <li key={one.name}>
          <span className={styles.mark} style={{ background: colour(layer) }} />
          {name(one)}
          {at === undefined || one.values[at] === null ? null : <strong>{format(one.values[at] ?? 0)}</strong>}
        </li>
      ))}
      {total === undefined || total === null || series.length < 2 ? null : (
        <li>
          {t('charts.total')} <strong>{format(total)}</strong>
        </li>
      )}
    </ul>
  );
}

function nameOf({ nameOf }: TimeChartProps, series: Series, others: string): string {
  if (series.name === OTHERS) return others;
  return nameOf ? nameOf(series.name) : series.name;
}

function Grid() {
  return Array.from({ length: AXIS_STEPS }, (_, line) => (line * HEIGHT) / AXIS_STEPS).map((y) => (
    <line key={y} className={styles.line} x1="0" x2={WIDTH} y1={y} y2={y} vectorEffect="non-scaling-stroke" />
  ));
}

/** Something over time, stacked by zone or state: bars for hours and days, areas for what is measured all the time. */
export function TimeChart(props: TimeChartProps) {
  const { t } = useCentralTexts();
  const { title, series, places, format, kind } = props;
  const [at, setAt] = useState<number>();
  const all = totals(series);
  const largest = Math.max(0, ...all.map((value) => value ?? 0));
  const top = axisTop(largest, props.unit);
  const colour = (layer: number) =>
    props.colourOf?.(series[layer]!.name, layer) ?? `var(--series-${series[layer]!.name === OTHERS ? 6 : layer})`;
  const when = places[all.indexOf(largest)] ?? '';
  const total = all.reduce<number>((before, value) => before + (value ?? 0), 0);
  const summary =
    kind === 'BARS'
      ? t('charts.summary', { title, total: format(total), max: format(largest), when })
      : t('charts.summaryNow', { title, rows: `${t('charts.total')} ${format(all.at(-1) ?? 0)}` });
  const names = series.map((one) => nameOf(props, one, t('charts.others')));
  const Shape = kind === 'BARS' ? Bars : Areas;
  return (
    <ChartFrame
      title={title}
      testId={props.testId}
      empty={props.empty}
      note={props.note}
      csv={[
        ['time', ...series.map(({ name }) => `${name || 'others'} ${props.valueName}`), `total ${props.valueName}`],
        ...props.placesMs.map((atMs, row) => [
          csvTime(atMs),
          ...series.map(({ values }) => values[row] ?? undefined),
          all[row] ?? undefined,
        ]),
      ]}
      table={{
        head: [props.placeName, ...names, t('charts.total')],
        rows: places.map((name, row) => [
          name,
          ...series.map(({ values }) => (values[row] === null ? '–' : format(values[row] ?? 0))),
          all[row] === null ? '–' : format(all[row] ?? 0),
        ]),
      }}
    >
      <div>
        <div className={styles.plot}>
          <div className={styles.yAxis} aria-hidden="true">
            {Array.from({ length: AXIS_STEPS + 1 }, (_, line) => AXIS_STEPS - line).map((line) => (
              <span key={line}>{format((top * line) / AXIS_STEPS)}</span>
            ))}
          </div>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={summary}
            onPointerLeave={() => setAt(undefined)}
            onPointerMove={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const share = (event.clientX - box.left) / box.width;
              setAt(Math.min(places.length - 1, Math.max(0, Math.floor(share * places.length))));
            }}
          >
            <Grid />
            <Shape series={series} top={top} colour={colour} />
            {at === undefined ? null : (
              <line
                className={styles.cursor}
                x1={((at + 0.5) / places.length) * WIDTH}
                x2={((at + 0.5) / places.length) * WIDTH}
                y1="0"
                y2={HEIGHT}
                vectorEffect="non-scaling-stroke"
              />
            )}
          </svg>
          <div className={styles.xAxis} aria-hidden="true">
            {props.ends.map((name) => (
              <span key={name}>{name}</span>
            ))}
          </div>
        </div>
      </div>
      <Legend {...props} at={at} colour={colour} />
    </ChartFrame>
  );
}
