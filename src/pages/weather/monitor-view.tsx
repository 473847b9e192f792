import { useState } from 'react';
import type { WatchedLocation, WeatherMonitorView } from '../../messages/weather-view.ts';
import { roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useCollection, useEntity, useLinkLevel, useServerNow } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { FreshnessBar } from '../shared/ui/freshness-bar.tsx';
import { Card, Empty, SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import table from '../shared/ui/table.module.css';
import { Waiting } from '../shared/ui/waiting.tsx';
import { CityDialog } from '../shared/weather/city-dialog.tsx';
import { SimulatedMark, WeatherLevel } from '../shared/weather/level-look.tsx';
import { monitorActions, WEATHER } from './actions.ts';
import { useWeatherTexts } from './texts/use-texts.ts';
import styles from './weather.module.css';

function SourceCard({ monitor }: { monitor: WeatherMonitorView }) {
  const { t } = useWeatherTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { failure, pausedUntilMs, lastAnswerAtMs, isSimulated, thresholds, centralRefusal } = monitor;
  const answers = lastAnswerAtMs === undefined ? t('monitor.sourceWaiting') : t('monitor.sourceOk');
  const source = failure ? t(`weatherFailure.${failure}`) : isSimulated ? t('monitor.sourceSimulated') : answers;
  const central = centralRefusal
    ? t('monitor.centralRefuses', { code: centralRefusal })
    : monitor.isCentralReachable
      ? t('monitor.centralOk')
      : t('monitor.centralLost');
  return (
    <Card testId="source-card" label={t('monitor.source')}>
      <dl className={styles.facts}>
        <dt>{t('monitor.source')}</dt>
        <dd data-ok={failure === undefined} data-testid="source">
          {source} {isSimulated ? <SimulatedMark /> : null}
          <small>
            {monitor.source} · {t('monitor.every', { s: formats.number(monitor.pollEveryMs / 1_000) })}
            {lastAnswerAtMs ? ` · ${t('monitor.lastAnswer', { t: roughAge(nowMs - lastAnswerAtMs) })}` : ''}
            {pausedUntilMs && pausedUntilMs > nowMs
              ? ` · ${t('monitor.pausedFor', { t: roughAge(pausedUntilMs - nowMs) })}`
              : ''}
          </small>
        </dd>
        <dt>{t('monitor.key')}</dt>
        <dd data-testid="key-place">
          {isSimulated ? t('monitor.keyNotNeeded') : t(`monitor.keyPlace.${monitor.key}`)}
        </dd>
        <dt>{t('monitor.central')}</dt>
        <dd data-ok={monitor.isCentralReachable && centralRefusal === undefined} data-testid="central">
          {central}
        </dd>
        {thresholds ? (
          <>
            <dt>{t('monitor.thresholds')}</dt>
            <dd data-testid="thresholds">
              {t('monitor.thresholdsAre', {
                min: formats.temperature(thresholds.minCc),
                max: formats.temperature(thresholds.maxCc),
              })}
            </dd>
          </>
        ) : null}
      </dl>
    </Card>
  );
}

type Editing = { kind: 'watch'; place: WatchedLocation } | { kind: 'move'; place: WatchedLocation; cpId: string };

function LocationRow(props: { place: WatchedLocation; blockedBy: string | undefined; onEdit(editing: Editing): void }) {
  const { t } = useWeatherTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { place, blockedBy, onEdit } = props;
  const { watched, city, country, temperatureCc, observedAtMs } = place;
  const isElsewhere = watched.city !== city || watched.country !== country;
  return (
    <tr data-testid={`location-${city}`}>
      <th scope="row">
        {city}, {country}
        {isElsewhere ? <small>{t('weatherText.watching', watched)}</small> : null}
      </th>
      <td className={styles.figure} data-testid="temperature">
        {temperatureCc === undefined ? '—' : formats.temperature(temperatureCc)}{' '}
        {place.isSimulated ? <SimulatedMark /> : null}
      </td>
      <td>
        <WeatherLevel alert={place.alert} failure={place.failure} isKnown={temperatureCc !== undefined} />
      </td>
      <td>
        {observedAtMs === undefined ? '—' : roughAge(nowMs - observedAtMs)}
        <small>{place.isReported ? t('monitor.reported') : t('monitor.notReported')}</small>
      </td>
      <td>
        <span className={styles.points}>
          {place.cpIds.map((cpId) => (
            <ActionButton
              key={cpId}
              size="small"
              testId={`move-${cpId}`}
              label={`${t('monitor.movePoint')}: ${cpId}`}
              blockedBy={blockedBy}
              onClick={() => onEdit({ kind: 'move', place, cpId })}
            >
              {cpId}
            </ActionButton>
          ))}
        </span>
      </td>
      <td>
        <ActionButton
          size="small"
          testId={`change-${city}`}
          blockedBy={blockedBy}
          onClick={() => onEdit({ kind: 'watch', place })}
        >
          {t('weatherText.changeCity')} <span className="visually-hidden">: {place.city}</span>
        </ActionButton>
      </td>
    </tr>
  );
}

function Editor({ editing, onClose }: { editing: Editing; onClose(): void }) {
  const { t } = useWeatherTexts();
  const { place } = editing;
  if (editing.kind === 'move') {
    const { cpId } = editing;
    return (
      <CityDialog
        title={t('monitor.moveTitle', { id: cpId })}
        what={t('monitor.moveWhat', { id: cpId })}
        place={place}
        onSave={(to) => monitorActions.movePoint(cpId, to)}
        onClose={onClose}
      />
    );
  }
  const isElsewhere = place.watched.city !== place.city || place.watched.country !== place.country;
  return (
    <CityDialog
      title={t('monitor.changeOf', { city: place.city })}
      what={t('monitor.changeWhat', { city: place.city })}
      place={place.watched}
      onSave={(to) => monitorActions.watch(place.locationId, to)}
      onReset={isElsewhere ? () => monitorActions.watch(place.locationId, null) : undefined}
      resetText={t('weatherText.ownCity', { city: place.city })}
      onClose={onClose}
    />
  );
}

function useBlocked(monitor: WeatherMonitorView | undefined): string | undefined {
  const { t } = useWeatherTexts();
  const level = useLinkLevel();
  if (level !== 'LIVE') return t('conn.actionOffline');
  if (monitor?.isCentralReachable === false) return t('conn.centralLost');
  return monitor?.mayChange ? undefined : t('monitor.readOnly');
}

function Locations({ blockedBy, onEdit }: { blockedBy: string | undefined; onEdit(editing: Editing): void }) {
  const { t } = useWeatherTexts();
  const places = Object.values(useCollection<WatchedLocation>(WEATHER, 'places')).toSorted((a, b) =>
    a.city.localeCompare(b.city),
  );
  if (places.length === 0) return <Empty>{t('monitor.empty')}</Empty>;
  return (
    <section className={table.scroll} {...SCROLLED_BY_KEYS}>
      <table className={`${table.table} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t('weatherText.city')}</th>
            <th scope="col">{t('monitor.temperature')}</th>
            <th scope="col">{t('monitor.state')}</th>
            <th scope="col">{t('monitor.age')}</th>
            <th scope="col">{t('monitor.points')}</th>
            <th scope="col">{t('monitor.actions')}</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <LocationRow key={place.locationId} place={place} blockedBy={blockedBy} onEdit={onEdit} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** EV_W: what it asks, what came of it, and which city counts for which point (R2-50, R2-56). */
export function MonitorView() {
  const { t } = useWeatherTexts();
  const monitor = useEntity<WeatherMonitorView>(WEATHER, 'monitor', 'monitor');
  const [editing, setEditing] = useState<Editing>();
  const blockedBy = useBlocked(monitor);
  return (
    <>
      <FreshnessBar feed={WEATHER} />
      <main id="content" tabIndex={-1} className={styles.page}>
        {monitor ? (
          <>
            <SourceCard monitor={monitor} />
            <Card testId="locations" label={t('monitor.locations')}>
              <h2>{t('monitor.locations')}</h2>
              <Locations blockedBy={blockedBy} onEdit={setEditing} />
            </Card>
          </>
        ) : (
          <Waiting count={3} />
        )}
      </main>
      {editing ? <Editor editing={editing} onClose={() => setEditing(undefined)} /> : null}
    </>
  );
}
