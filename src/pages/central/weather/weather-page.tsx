import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import type { WeatherPlace, WeatherService } from '../../../messages/weather-api.ts';
import { roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useEntity, useServerNow } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { Card, Empty, SCROLLED_BY_KEYS, Skeletons } from '../../shared/ui/parts.tsx';
import table from '../../shared/ui/table.module.css';
import { CityDialog } from '../../shared/weather/city-dialog.tsx';
import { SimulatedMark, WeatherLevel } from '../../shared/weather/level-look.tsx';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { Sparkline } from './sparkline.tsx';
import { ThresholdForm } from './threshold-form.tsx';
import { useDay } from './use-day.ts';
import styles from './weather.module.css';
import { weatherActions } from './weather-actions.ts';

function Fact({ isOk, children, testId }: { isOk: boolean; children: string; testId: string }) {
  const Icon = isOk ? CircleCheck : TriangleAlert;
  return (
    <p className={styles.fact} data-ok={isOk} data-testid={testId}>
      <Icon size={18} aria-hidden="true" /> {children}
    </p>
  );
}

/** How EV_W and OpenWeather fare; silence and failures are said with the time they began (F-42). */
function SourceCard({ service }: { service: WeatherService }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { isRunning, seenAtMs, failure, failingSinceMs, isSimulated, pollEveryMs, lastAnswerAtMs } = service;
  const silent =
    seenAtMs === undefined ? t('clima.monitorDown') : t('clima.monitorDownSince', { time: formats.time(seenAtMs) });
  const source = failure
    ? t('clima.failingSince', {
        cause: t(`weatherFailure.${failure}`),
        time: formats.time(failingSinceMs ?? lastAnswerAtMs ?? nowMs),
      })
    : isSimulated
      ? t('clima.simulator')
      : t('clima.answers');
  return (
    <Card testId="weather-source" label={t('clima.source')}>
      <h2>{t('clima.source')}</h2>
      <Fact isOk={isRunning} testId="weather-monitor">
        {isRunning ? t('clima.monitorUp') : silent}
      </Fact>
      {isRunning ? (
        <Fact isOk={failure === undefined} testId="weather-openweather">
          {source}
        </Fact>
      ) : null}
      <p className={styles.hint}>
        {isSimulated ? <SimulatedMark /> : null}{' '}
        {pollEveryMs === undefined ? '' : t('clima.every', { s: formats.number(pollEveryMs / 1_000) })}
        {lastAnswerAtMs === undefined ? '' : ` · ${t('clima.lastQuery', { t: roughAge(nowMs - lastAnswerAtMs) })}`}
      </p>
    </Card>
  );
}

const STALE_MS = 30_000;

function PlaceRow(props: {
  place: WeatherPlace;
  readings: readonly number[][];
  blockedBy: string | undefined;
  onChange(place: WeatherPlace): void;
}) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { place, readings, blockedBy, onChange } = props;
  const { city, country, watched, temperatureCc, observedAtMs } = place;
  const shown = (value: number | undefined, format: (value: number) => string) =>
    value === undefined ? '—' : format(value);
  const temperatures = readings.map(([, cc = 0]) => cc);
  const label =
    temperatures.length === 0
      ? ''
      : t('clima.dayOf', {
          city,
          low: formats.temperature(Math.min(...temperatures)),
          high: formats.temperature(Math.max(...temperatures)),
        });
  const isStale = observedAtMs === undefined || nowMs - observedAtMs > STALE_MS;
  return (
    <tr data-testid={`city-${city}`} data-stale={isStale}>
      <th scope="row">
        {city}, {country}
        {watched ? <small>{t('weatherText.watching', watched)}</small> : null}
      </th>
      <td className={styles.temperature} data-testid="city-temperature">
        {shown(temperatureCc, formats.temperature)} {place.isSimulated ? <SimulatedMark /> : null}
        {place.conditions ? <small lang="en">{place.conditions}</small> : null}
      </td>
      <td>
        <WeatherLevel alert={place.alert} failure={place.failure} isKnown={temperatureCc !== undefined} />
      </td>
      <td>
        <Sparkline readings={readings} label={label} />
      </td>
      <td>{shown(place.feelsLikeCc, formats.temperature)}</td>
      <td>{shown(place.humidityPercent, (percent) => `${formats.number(percent)} %`)}</td>
      <td>{shown(place.windCmS, (cmS) => `${formats.number(Math.round(cmS / 10) / 10)} m/s`)}</td>
      <td>
        <Link href={`/?q=${encodeURIComponent(city)}`}>
          {formats.number(place.pointCount)} <span className="visually-hidden">{t('clima.showPoints', { city })}</span>
        </Link>
      </td>
      <td>{observedAtMs === undefined ? '—' : roughAge(nowMs - observedAtMs)}</td>
      <td>
        <ActionButton size="small" testId={`change-${city}`} blockedBy={blockedBy} onClick={() => onChange(place)}>
          {t('weatherText.changeCity')} <span className="visually-hidden">: {city}</span>
        </ActionButton>
      </td>
    </tr>
  );
}

function Places({ places, onChange }: { places: readonly WeatherPlace[]; onChange(place: WeatherPlace): void }) {
  const { t } = useCentralTexts();
  const day = useDay();
  const offline = useBlockedReason(PANEL);
  const blockedBy = useMay('operator') ? offline : t('clima.loginFirst');
  const columns = [
    t('weatherText.city'),
    t('clima.temperature'),
    t('clima.state'),
    t('clima.day'),
    t('weatherText.feelsLike'),
    t('weatherText.humidity'),
    t('weatherText.wind'),
    t('clima.points'),
    t('clima.age'),
  ];
  return (
    <section className={table.scroll} {...SCROLLED_BY_KEYS}>
      <table className={`${table.table} ${styles.table}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <PlaceRow
              key={place.locationId}
              place={place}
              readings={day.get(place.locationId) ?? []}
              blockedBy={blockedBy}
              onChange={onChange}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The weather (ux 3.1): who measures it, when it stops points, and how it is at each of their cities. */
export default function WeatherPage() {
  const { t } = useCentralTexts();
  const service = useEntity<WeatherService>(PANEL, 'weatherService', 'service');
  const places = Object.values(useCollection<WeatherPlace>(PANEL, 'weather')).toSorted((a, b) =>
    a.city.localeCompare(b.city),
  );
  const points = Object.values(useCollection<PanelPoint>(PANEL, 'points'));
  const [changing, setChanging] = useState<WeatherPlace>();
  if (!service) return <Skeletons count={3} />;
  return (
    <div className={styles.page} data-testid="weather-page">
      <SourceCard service={service} />
      <Card testId="thresholds" label={t('clima.thresholds')}>
        <h2>{t('clima.thresholds')}</h2>
        <ThresholdForm thresholds={service.thresholds} places={places} points={points} />
      </Card>
      <div className={styles.wide}>
        <Card testId="cities" label={t('clima.cities')}>
          <h2>{t('clima.cities')}</h2>
          {places.length === 0 ? (
            <Empty>{t('clima.noCities')}</Empty>
          ) : (
            <Places places={places} onChange={setChanging} />
          )}
        </Card>
      </div>
      {changing ? (
        <CityDialog
          title={t('clima.changeOf', { city: changing.city })}
          what={t('clima.changeWhat', { city: changing.city })}
          place={changing.watched ?? changing}
          onSave={(place) => weatherActions.watch(changing.locationId, place)}
          onReset={changing.watched ? () => weatherActions.watch(changing.locationId, null) : undefined}
          resetText={t('weatherText.ownCity', { city: changing.city })}
          onClose={() => setChanging(undefined)}
        />
      ) : null}
    </div>
  );
}
