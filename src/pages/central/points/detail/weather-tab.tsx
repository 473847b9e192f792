import { useState } from 'react';
import type { PanelPoint } from '../../../../messages/live-stream.ts';
import type { WeatherHistory, WeatherPlace, WeatherService } from '../../../../messages/weather-api.ts';
import { roughAge } from '../../../shared/format.ts';
import { useFormats } from '../../../shared/i18n.ts';
import { useEntity, useServerNow } from '../../../shared/live/live-store.ts';
import { ActionButton } from '../../../shared/ui/action-button.tsx';
import { Fact, Facts } from '../../../shared/ui/facts.tsx';
import { useBlockedReason } from '../../../shared/ui/freshness-bar.tsx';
import { Empty } from '../../../shared/ui/parts.tsx';
import { useAnswer } from '../../../shared/use-answer.ts';
import { CityDialog } from '../../../shared/weather/city-dialog.tsx';
import { SimulatedMark, WeatherLevel } from '../../../shared/weather/level-look.tsx';
import { useIsCentralAway } from '../../page-parts.tsx';
import { PANEL, useMay } from '../../session.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { weatherActions } from '../../weather/weather-actions.ts';
import { DayChart } from './day-chart.tsx';

const READ_EVERY_MS = 60_000;

function PlaceFacts({ place }: { place: WeatherPlace }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const { temperatureCc, observedAtMs, watched } = place;
  return (
    <Facts>
      <Fact name={t('weatherText.city')}>
        {place.city}, {place.country}
        {watched ? ` (${t('weatherText.watching', watched)})` : ''}
      </Fact>
      <Fact name={t('clima.temperature')} testId="detail-temperature">
        {temperatureCc === undefined ? '—' : formats.temperature(temperatureCc)}{' '}
        {place.isSimulated ? <SimulatedMark /> : null}
      </Fact>
      <Fact name={t('clima.state')}>
        <WeatherLevel alert={place.alert} failure={place.failure} isKnown={temperatureCc !== undefined} />
      </Fact>
      <Fact name={t('clima.age')}>{observedAtMs === undefined ? '—' : roughAge(nowMs - observedAtMs)}</Fact>
    </Facts>
  );
}

function ChangeCity({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const offline = useBlockedReason(PANEL);
  const blockedBy = useMay('operator') ? offline : t('clima.loginFirst');
  const [isChanging, setChanging] = useState(false);
  const { cpId, city, country } = point;
  return (
    <div>
      <ActionButton size="small" testId="change-point-city" blockedBy={blockedBy} onClick={() => setChanging(true)}>
        {t('weatherText.changeCity')}
      </ActionButton>
      {isChanging ? (
        <CityDialog
          title={t('points.detail.cityOf', { id: cpId })}
          what={t('points.detail.cityWhat')}
          place={{ city, country }}
          onSave={(place) => weatherActions.movePoint(cpId, place)}
          onClose={() => setChanging(false)}
        />
      ) : null}
    </div>
  );
}

/** How warm it is and was where the point stands, and when that stops it (ux 3.1). */
export function WeatherTab({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const { locationId } = point;
  const place = useEntity<WeatherPlace>(PANEL, 'weather', String(locationId));
  const service = useEntity<WeatherService>(PANEL, 'weatherService', 'service');
  const isAway = useIsCentralAway();
  const day = useAnswer<WeatherHistory>(
    locationId !== undefined && !isAway ? `/api/weather/history?hours=24&locationId=${locationId}` : undefined,
    READ_EVERY_MS,
  );
  const readings = day.body?.places[0]?.readings ?? [];
  return (
    <>
      {place ? <PlaceFacts place={place} /> : <Empty>{t('points.detail.noWeather')}</Empty>}
      {readings.length > 1 ? (
        <DayChart readings={readings} thresholds={service?.thresholds} />
      ) : (
        <p className="muted">{t(day.problem ? 'points.detail.noDayNow' : 'points.detail.noDay')}</p>
      )}
      <ChangeCity point={point} />
    </>
  );
}
