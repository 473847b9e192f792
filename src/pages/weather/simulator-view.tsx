import { type FormEvent, useId, useState } from 'react';
import { SIM_MODES, type SimMode, type SimulatedPlace } from '../../messages/weather-view.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useCollection, useEntity, useLinkLevel, useServerNow } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { FreshnessBar } from '../shared/ui/freshness-bar.tsx';
import { Card, Empty, SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import table from '../shared/ui/table.module.css';
import { say } from '../shared/ui/toasts.tsx';
import { SimulatedMark } from '../shared/weather/level-look.tsx';
import { simulatorActions, WEATHER } from './actions.ts';
import { useWeatherTexts } from './texts/use-texts.ts';
import styles from './weather.module.css';

const COLD_CC = -500;
const HEAT_CC = 4_500;

function useSender() {
  const { t } = useWeatherTexts();
  return async (answer: Promise<ApiAnswer<unknown>>) => {
    const given = await answer;
    if (!given.isOk) say('error', errorText(t, given));
  };
}

function ModeCard() {
  const { t } = useWeatherTexts();
  const id = useId();
  const send = useSender();
  const mode = useEntity<{ mode: SimMode }>(WEATHER, 'mode', 'mode')?.mode ?? 'OK';
  return (
    <Card testId="sim-card" label={t('simulator.title')}>
      <p>
        {t('simulator.what')} <SimulatedMark />
      </p>
      <label className={styles.mode} htmlFor={id}>
        {t('simulator.mode')}
        <select
          id={id}
          value={mode}
          data-testid="sim-mode"
          data-ok={mode === 'OK'}
          onChange={(event) => void send(simulatorActions.setMode(event.target.value as SimMode))}
        >
          {SIM_MODES.map((one) => (
            <option key={one} value={one}>
              {t(`simulator.modes.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </Card>
  );
}

function PlaceRow({ place, blockedBy }: { place: SimulatedPlace; blockedBy: string | undefined }) {
  const { t } = useWeatherTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const send = useSender();
  const [draft, setDraft] = useState('');
  const { city, country, temperatureCc, askedAtMs, isSet } = place;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const celsius = Number(draft.replace(',', '.'));
    if (draft === '' || !Number.isFinite(celsius)) return;
    void send(simulatorActions.setTemperature(place, Math.round(celsius * 100)));
    setDraft('');
  };
  const named = (what: string) => t('simulator.of', { what, city });
  return (
    <tr data-testid={`place-${city}`}>
      <th scope="row">
        {city}, {country}
        <small>
          {askedAtMs === undefined
            ? t('simulator.neverAsked')
            : t('simulator.asked', { t: roughAge(nowMs - askedAtMs) })}
        </small>
      </th>
      <td className={styles.figure} data-testid="sim-temperature">
        {formats.temperature(temperatureCc)}
        <small>{isSet ? t('simulator.isSet') : t('simulator.isMadeUp')}</small>
      </td>
      <td>
        <form className={styles.setRow} onSubmit={submit}>
          <input
            type="number"
            min={-100}
            max={70}
            step="any"
            value={draft}
            aria-label={named(t('simulator.temperature'))}
            data-testid={`sim-input-${city}`}
            onChange={(event) => setDraft(event.target.value)}
          />
          <button
            type="submit"
            className={styles.set}
            aria-label={named(t('simulator.set'))}
            data-testid={`sim-set-${city}`}
          >
            {t('simulator.set')}
          </button>
          <ActionButton
            size="small"
            blockedBy={blockedBy}
            label={named(t('simulator.cold'))}
            testId={`sim-cold-${city}`}
            onClick={() => void send(simulatorActions.setTemperature(place, COLD_CC))}
          >
            {t('simulator.cold')}
          </ActionButton>
          <ActionButton
            size="small"
            blockedBy={blockedBy}
            label={named(t('simulator.heat'))}
            testId={`sim-heat-${city}`}
            onClick={() => void send(simulatorActions.setTemperature(place, HEAT_CC))}
          >
            {t('simulator.heat')}
          </ActionButton>
          {isSet ? (
            <ActionButton
              size="small"
              variant="quiet"
              blockedBy={blockedBy}
              label={named(t('simulator.reset'))}
              testId={`sim-reset-${city}`}
              onClick={() => void send(simulatorActions.reset(place))}
            >
              {t('simulator.reset')}
            </ActionButton>
          ) : null}
        </form>
      </td>
    </tr>
  );
}

/** The stand-in's page: temperatures and failures at a click, all of it marked as simulated. */
export function SimulatorView() {
  const { t } = useWeatherTexts();
  const level = useLinkLevel();
  const places = Object.values(useCollection<SimulatedPlace>(WEATHER, 'places')).toSorted((a, b) =>
    a.city.localeCompare(b.city),
  );
  const blockedBy = level === 'LIVE' ? undefined : t('conn.actionOffline');
  return (
    <>
      <FreshnessBar feed={WEATHER} lostText={null} />
      <main id="content" tabIndex={-1} className={styles.page}>
        <ModeCard />
        <Card testId="sim-places" label={t('simulator.city')}>
          {places.length === 0 ? (
            <Empty>{t('simulator.empty')}</Empty>
          ) : (
            <section className={table.scroll} {...SCROLLED_BY_KEYS}>
              <table className={`${table.table} ${styles.table}`}>
                <thead>
                  <tr>
                    <th scope="col">{t('simulator.city')}</th>
                    <th scope="col">{t('simulator.temperature')}</th>
                    <th scope="col">{t('simulator.set')}</th>
                  </tr>
                </thead>
                <tbody>
                  {places.map((place) => (
                    <PlaceRow key={`${place.city},${place.country}`} place={place} blockedBy={blockedBy} />
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </Card>
      </main>
    </>
  );
}
