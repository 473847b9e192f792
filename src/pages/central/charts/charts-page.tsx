import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { PointState } from '../../../domain/vocabulary.ts';
import {
  type Load,
  STATISTICS_RANGES,
  type Statistics,
  type StatisticsRange,
  type Utilisation,
} from '../../../messages/central-history-api.ts';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { duration } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { liveStore, useCollection, useTick } from '../../shared/live/live-store.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { useAnswer } from '../../shared/use-answer.ts';
import history from '../history/history.module.css';
import { Loading, ProblemNote, useIsCentralAway } from '../page-parts.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { loadSeries, occupancy, powerNow, zoneSeries } from './chart-data.ts';
import styles from './charts.module.css';
import { HeatMap } from './heat-map.tsx';
import { chargingPercent } from './heat-map-data.ts';
import { RowChart } from './row-chart.tsx';
import { TimeChart } from './time-chart.tsx';

const STATISTICS_EVERY_MS = 60_000;
const LOAD_EVERY_MS = 10_000;
const UTILISATION_EVERY_MS = 300_000;
/** Figures of the moment are added up twice a second at most, whatever the stream does. */
const NOW_EVERY_MS = 500;

const FIGURES = [
  { figure: 'energyWh', unit: 10, hour: 'charts.energyHour', day: 'charts.energyDay' },
  { figure: 'supplies', unit: 1, hour: 'charts.suppliesHour', day: 'charts.suppliesDay' },
  { figure: 'amountCents', unit: 1, hour: 'charts.incomeHour', day: 'charts.incomeDay' },
] as const;

function RangeSwitch({ range, onChoose }: { range: StatisticsRange; onChoose(range: StatisticsRange): void }) {
  const { t } = useCentralTexts();
  return (
    <fieldset className={history.segments} aria-label={t('charts.rangeLabel')}>
      {STATISTICS_RANGES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={range === one}
          data-testid={`range-${one}`}
          onClick={() => onChoose(one)}
        >
          {t(`charts.range.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}

function StatisticsCharts({ statistics }: { statistics: Statistics }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const isHours = statistics.unit === 'hour';
  const nameOf = (atMs: number) => (isHours ? formats.time(atMs).slice(0, 5) : formats.date(atMs));
  const { startsMs } = statistics;
  const ends = [startsMs[0], startsMs[Math.floor(startsMs.length / 2)], startsMs.at(-1)].map((atMs) =>
    nameOf(atMs ?? 0),
  );
  const texts = { energyWh: formats.energy, amountCents: formats.money, supplies: formats.number };
  return (
    <>
      {FIGURES.map(({ figure, unit, hour, day }) => (
        <TimeChart
          key={figure}
          kind="BARS"
          title={t(isHours ? hour : day)}
          testId={`chart-${figure}`}
          placesMs={startsMs}
          valueName={figure}
          series={zoneSeries(statistics, figure)}
          places={startsMs.map((atMs) => (isHours ? `${formats.date(atMs)} ${nameOf(atMs)}` : nameOf(atMs)))}
          ends={ends}
          placeName={t(isHours ? 'charts.time' : 'charts.day')}
          format={texts[figure]}
          unit={unit}
          empty={statistics.zones.length === 0 ? t('charts.noneYet') : undefined}
          note={t('charts.computed', { time: formats.time(statistics.computedAtMs) })}
        />
      ))}
      <RowChart
        title={t('charts.top')}
        testId="chart-top"
        valueName="energyWh"
        nameOfRows={t('charts.point')}
        empty={statistics.topPoints.length === 0 ? t('charts.noneYet') : undefined}
        rows={statistics.topPoints.map((point) => ({
          id: point.cpId,
          name: point.cpId,
          value: point.energyWh,
          text: formats.energy(point.energyWh),
        }))}
      />
    </>
  );
}

function NowCharts() {
  const { t } = useCentralTexts();
  const formats = useFormats();
  useTick(NOW_EVERY_MS);
  const feed = liveStore.getState().feeds[PANEL];
  const points = Object.values(useCollection<PanelPoint>(PANEL, 'points'));
  const supplies = Object.values(useCollection<PanelSupply>(PANEL, 'supplies'));
  const powers = supplies.map((supply) => ({
    supply,
    powerW: feed?.readings[supply.readingIndex]?.powerW ?? supply.powerW,
  }));
  const zones = powerNow(points, powers);
  return (
    <>
      <RowChart
        title={t('charts.powerNow')}
        testId="chart-power-now"
        valueName="powerW"
        nameOfRows={t('system.zone')}
        empty={zones.length === 0 ? t('charts.noPower') : undefined}
        rows={zones.map(({ zone, powerW }) => ({ id: zone, name: zone, value: powerW, text: formats.power(powerW) }))}
      />
      <RowChart
        title={t('charts.occupancy')}
        testId="chart-occupancy"
        valueName="points"
        nameOfRows={t('history.result')}
        empty={points.length === 0 ? t('central.noPoints') : undefined}
        rows={occupancy(points).map(({ state, count }) => {
          const Icon = STATE_ICONS[state];
          const percent = formats.number(Math.round((count / Math.max(1, points.length)) * 100));
          return {
            id: state,
            name: t(`state.panel.${state}`),
            icon: <Icon size={16} aria-hidden="true" />,
            value: count,
            text: t('charts.share', { n: count, all: points.length, percent }),
            state,
          };
        })}
      />
    </>
  );
}

const STATE_COLOURS: Readonly<Record<PointState, string>> = {
  AVAILABLE: 'var(--available)',
  CHARGING: 'var(--charging)',
  OUT_OF_SERVICE: 'var(--out)',
  FAULTED: 'var(--faulted)',
  DISCONNECTED: 'var(--disconnected)',
};

function LoadCharts({ load }: { load: Load }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { timesMs, power, states } = loadSeries(load);
  const names = timesMs.map((atMs) => formats.time(atMs));
  const ends = [names[0], names[Math.floor(names.length / 2)], names.at(-1)].map((name) => name ?? '');
  const isShort = timesMs.length < 2;
  const isFromStart = load.samples.length * load.everyMs < 3_500_000;
  const note = isFromStart ? t('charts.sinceStart', { when: formats.dateTime(timesMs[0] ?? 0) }) : undefined;
  const common = { kind: 'AREAS', places: names, placesMs: timesMs, ends, placeName: t('charts.time') } as const;
  return (
    <>
      <TimeChart
        {...common}
        title={t('charts.powerHour')}
        testId="chart-power"
        valueName="powerW"
        series={power}
        format={formats.power}
        unit={100}
        empty={isShort || power.length === 0 ? t('charts.noneYet') : undefined}
        note={isShort ? undefined : note}
      />
      <TimeChart
        {...common}
        title={t('charts.occupancyHour')}
        testId="chart-states"
        valueName="points"
        series={states}
        format={formats.number}
        unit={1}
        colourOf={(name) => STATE_COLOURS[name as PointState]}
        nameOf={(name) => t(`state.panel.${name as PointState}`)}
        empty={isShort ? t('charts.noneYet') : undefined}
        note={isShort ? undefined : note}
      />
    </>
  );
}

/** When points are used, and which are used most. */
function WeekCharts({ utilisation }: { utilisation: Utilisation }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  return (
    <>
      <HeatMap utilisation={utilisation} />
      <RowChart
        title={t('charts.busiest')}
        testId="chart-busiest"
        valueName="chargingSeconds"
        nameOfRows={t('charts.point')}
        empty={utilisation.topPoints.length === 0 ? t('charts.noneYet') : undefined}
        rows={utilisation.topPoints.map(({ cpId, chargingS }) => ({
          id: cpId,
          name: cpId,
          value: chargingS,
          text: `${formats.number(Math.round(chargingPercent(chargingS) * 10) / 10)} % · ${duration(chargingS * 1_000)}`,
        }))}
      />
    </>
  );
}

/** `/graficos`: the moment from the stream, the last hour and the last days from Central, which adds up once for all viewers. */
export default function ChartsPage() {
  const { t } = useCentralTexts();
  const [params, setParams] = useSearchParams();
  const range = STATISTICS_RANGES.find((known) => known === params.get('range')) ?? '24h';
  const [timeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const isAway = useIsCentralAway();
  const query = new URLSearchParams({ range, timeZone });
  const statistics = useAnswer<Statistics>(isAway ? undefined : `/api/statistics?${query}`, STATISTICS_EVERY_MS);
  const load = useAnswer<Load>(isAway ? undefined : '/api/load', LOAD_EVERY_MS);
  const week = useAnswer<Utilisation>(
    isAway ? undefined : `/api/utilisation?${new URLSearchParams({ timeZone })}`,
    UTILISATION_EVERY_MS,
  );
  const problem = statistics.problem ?? load.problem ?? week.problem;
  const again = () => {
    statistics.again();
    load.again();
    week.again();
  };
  return (
    <div className={`${history.page} ${styles.page}`}>
      <div className={history.head}>
        <h2>{t('charts.title')}</h2>
        <RangeSwitch range={range} onChoose={(next) => setParams(next === '24h' ? {} : { range: next })} />
      </div>
      {problem ? <ProblemNote problem={problem} onRetry={again} /> : null}
      {statistics.body || problem ? null : <Loading onRetry={again} />}
      <div className={styles.grid}>
        <NowCharts />
        {load.body ? <LoadCharts load={load.body} /> : null}
        {statistics.body ? <StatisticsCharts statistics={statistics.body} /> : null}
        {week.body ? <WeekCharts utilisation={week.body} /> : null}
      </div>
    </div>
  );
}
