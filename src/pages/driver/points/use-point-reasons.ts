import type { PointCard } from '../../../messages/entities.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useTemperature } from './point-weather.ts';

/** Why a point is out of service, as a driver is told: every reason, in one line (ux 2.4). */
export function usePointReasons(): (point: PointCard) => string {
  const { t } = useDriverTexts();
  const temperatureOf = useTemperature();
  return (point) =>
    point.reasons
      .map((reason) => {
        if (reason === 'KEY_REVOKED') return t('driver.securityWork');
        if (reason !== 'WEATHER') return t(`reason.${reason}`);
        const temperature = temperatureOf(point);
        const cause = temperature === undefined ? t('reason.WEATHER') : t('driver.weather', { t: temperature });
        return `${cause}. ${t('driver.comesBack')}`;
      })
      .join(' · ');
}
