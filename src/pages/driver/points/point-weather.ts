import type { PointCard } from '../../../messages/entities.ts';
import { useFormats } from '../../shared/i18n.ts';

/** Temperature at a point in words; undefined while nobody measures there. */
export function useTemperature(): (point: PointCard) => string | undefined {
  const formats = useFormats();
  return ({ weather }) => (weather?.celsius === undefined ? undefined : formats.degrees(weather.celsius));
}
