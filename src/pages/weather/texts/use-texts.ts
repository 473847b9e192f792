import { type SharedKey, useTexts } from '../../shared/i18n.ts';
import type { TextKey } from '../../shared/text-keys.ts';
import type { weather } from './es.ts';

export type WeatherKey = TextKey<typeof weather> | SharedKey;

/** Shared words and the weather pages' own. */
export function useWeatherTexts() {
  return useTexts<WeatherKey>();
}
