import { useMemo } from 'react';
import type { WeatherHistory } from '../../../messages/weather-api.ts';
import { useAnswer } from '../../shared/use-answer.ts';
import { useIsCentralAway } from '../page-parts.tsx';

const READ_EVERY_MS = 60_000;

/** Readings of the last 24 h by locationId, read anew each minute while Central is there; what was read stays when a call fails. */
export function useDay(): ReadonlyMap<number, readonly number[][]> {
  const { body } = useAnswer<WeatherHistory>(
    useIsCentralAway() ? undefined : '/api/weather/history?hours=24',
    READ_EVERY_MS,
  );
  return useMemo(() => new Map((body?.places ?? []).map((place) => [place.locationId, place.readings])), [body]);
}
