import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import type { AlignedData, Options, Series } from 'uplot';
import { useTexts } from '../i18n.ts';
import { useTheme } from '../theme.ts';
import { SCROLLED_BY_KEYS } from '../ui/parts.tsx';
import styles from './charts.module.css';

/** One line of a chart; a missing value is drawn as a gap, never as zero. */
export type ChartSeries = {
  label: string;
  values: readonly (number | null)[];
  /** Which of the three series colours (ux 7.2). */
  colour: 1 | 2 | 3;
  line: 'solid' | 'dashed' | 'dotted';
  axis: 'left' | 'right';
  isFilled?: boolean;
  format(value: number): string;
};

export type TimeChartProps = {
  /** Unix seconds, rising. */
  timesS: readonly number[];
  series: readonly ChartSeries[];
  /** What the picture says, as a sentence. */
  summary: string;
  formatTime(atMs: number): string;
  heightPx?: number;
  testId?: string;
};

const DASHES = { solid: [], dashed: [8, 5], dotted: [2, 4] };

function colourOf(token: string): string {
  // A canvas knows no light-dark(): the colour is read from an element that has it.
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function optionsOf(props: TimeChartProps, widthPx: number): Options {
  const text = colourOf('--muted');
  const grid = { stroke: colourOf('--line'), width: 1 };
  const axisFor = (side: 'left' | 'right') => props.series.find((one) => one.axis === side);
  const lines = props.series.map(
    (one): Series => ({
      label: one.label,
      scale: one.axis,
      stroke: colourOf(`--series-${one.colour}`),
      width: 2,
      dash: DASHES[one.line],
      points: { show: false },
      ...(one.isFilled ? { fill: colourOf(`--series-${one.colour}-fill`) } : {}),
    }),
  );
  const axes = (['left', 'right'] as const).flatMap((side) => {
    const one = axisFor(side);
    return one
      ? [
          {
            scale: side,
            side: side === 'left' ? 3 : 1,
            stroke: text,
            grid: side === 'left' ? grid : { show: false },
            size: 76,
            values: (_: uPlot, ticks: number[]) => ticks.map((tick) => one.format(tick)),
          } as const,
        ]
      : [];
  });
  return {
    width: widthPx,
    height: props.heightPx ?? 200,
    legend: { show: false },
    cursor: { y: false },
    scales: {
      x: { time: true },
      left: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
      right: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      {
        stroke: text,
        grid,
        values: (_, ticks) => ticks.map((tick) => props.formatTime(tick * 1_000)),
      },
      ...axes,
    ],
    series: [{}, ...lines],
  };
}

function dataOf(props: TimeChartProps): AlignedData {
  return [[...props.timesS], ...props.series.map((one) => [...one.values])] as AlignedData;
}

function useDarkness(): string {
  const theme = useTheme();
  return theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches ? 'auto-dark' : theme;
}

/** Draws into a canvas with uPlot, which is loaded only when a chart is shown. */
function usePlot(props: TimeChartProps) {
  const boxRef = useRef<HTMLDivElement>(null);
  const plotRef = useRef<uPlot>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const look = `${useDarkness()} ${props.series.map((one) => one.label).join()}`;
  useEffect(() => {
    let isGone = false;
    void look;
    const box = boxRef.current!;
    const observer = new ResizeObserver(() =>
      plotRef.current?.setSize({ width: box.clientWidth, height: newest.current.heightPx ?? 200 }),
    );
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([{ default: Plot }]) => {
      if (isGone) return;
      plotRef.current = new Plot(optionsOf(newest.current, box.clientWidth), dataOf(newest.current), box);
      observer.observe(box);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      plotRef.current?.destroy();
      plotRef.current = undefined;
    };
  }, [look]);
  useEffect(() => plotRef.current?.setData(dataOf(props)));
  return boxRef;
}

const TABLE_ROWS = 200;

function DataTable(props: TimeChartProps) {
  const { t } = useTexts();
  const first = Math.max(0, props.timesS.length - TABLE_ROWS);
  return (
    <details>
      <summary>{t('chart.asTable')}</summary>
      <div className={styles.table} {...SCROLLED_BY_KEYS}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('chart.time')}</th>
              {props.series.map((one) => (
                <th key={one.label} scope="col">
                  {one.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.timesS.slice(first).map((atS, place) => (
              <tr key={atS}>
                <td>{props.formatTime(atS * 1_000)}</td>
                {props.series.map((one) => {
                  const value = one.values[first + place];
                  return <td key={one.label}>{value === null || value === undefined ? '–' : one.format(value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Lines over time: picture, sentence and table say the same (ux 2.8, 5). */
export function TimeChart(props: TimeChartProps) {
  const boxRef = usePlot(props);
  return (
    <figure className={styles.chart} data-testid={props.testId} style={{ margin: 0 }}>
      <ul className={styles.legend} aria-hidden="true">
        {props.series.map((one) => (
          <li key={one.label}>
            <span
              className={styles.key}
              data-line={one.line}
              style={{ '--series': `var(--series-${one.colour})` } as Record<string, string>}
            />
            {one.label}
          </li>
        ))}
      </ul>
      <div ref={boxRef} role="img" aria-label={props.summary} className={styles.plot} />
      <DataTable {...props} />
    </figure>
  );
}
