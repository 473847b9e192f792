import type { PointCard } from '../../../messages/entities.ts';
import { useDriverTexts } from '../texts/use-texts.ts';

type PointWeather = { celsius?: number; alert?: string };

/** Temperature at a point in words, and whether the weather holds it; undefined while nobody measures there. */
export function usePointWeather(): (point: PointCard) => { temperature: string | undefined; isAlert: boolean } {
  const { t } = useDriverTexts();
  return (point) => {
    const { weather } = point as PointCard & { weather?: PointWeather };
    const celsius = weather?.celsius;
    return {
      temperature: celsius === undefined ? undefined : t('driver.celsius', { n: celsius }),
      isAlert: weather?.alert !== undefined,
    };
  };
}
