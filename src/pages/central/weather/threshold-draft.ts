import { areThresholdsValid, effectOfThresholds, type WeatherThresholds } from '../../../domain/weather-rule.ts';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import type { WeatherPlace } from '../../../messages/weather-api.ts';

/** What stands in the two fields, as typed. */
export type ThresholdDraft = { min: string; max: string };

/** What is wrong with a draft; undefined: nothing. */
export type DraftProblem = 'RANGE' | 'ORDER';

/** Degrees as typed, with a comma or a point -> 1/100 degree; undefined if that is no number. */
function hundredths(typed: string): number | undefined {
  const text = typed.trim().replace(',', '.').replace('−', '-');
  return /^-?\d{1,3}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined;
}

/** Reads a draft; `problem` says why it cannot be saved. */
export function readDraft(draft: ThresholdDraft): { thresholds: WeatherThresholds } | { problem: DraftProblem } {
  const minCc = hundredths(draft.min);
  const maxCc = hundredths(draft.max);
  if (minCc === undefined || maxCc === undefined) return { problem: 'RANGE' };
  if (areThresholdsValid({ minCc, maxCc })) return { thresholds: { minCc, maxCc } };
  const isInside = (cc: number) => cc >= -4_000 && cc <= 6_000;
  return { problem: isInside(minCc) && isInside(maxCc) ? 'ORDER' : 'RANGE' };
}

/** The fields for stored thresholds. */
export function draftOf({ minCc, maxCc }: WeatherThresholds): ThresholdDraft {
  return { min: String(minCc / 100), max: String(maxCc / 100) };
}

/** The points that other thresholds would stop or give back with the temperatures of now (S-WEA-15). */
export function previewOf(
  thresholds: WeatherThresholds,
  places: readonly WeatherPlace[],
  points: readonly PanelPoint[],
): { stopped: PanelPoint[]; freed: PanelPoint[] } {
  const known = places.map(({ locationId, temperatureCc, alert }) => ({
    ...{ locationId, temperatureCc, alert: alert ?? null },
  }));
  const effect = effectOfThresholds(known, thresholds);
  const inside = (locationIds: readonly number[]) => {
    const wanted = new Set<number | undefined>(locationIds);
    return points.filter((point) => point.locationId !== undefined && wanted.has(point.locationId));
  };
  return { stopped: inside(effect.stopped), freed: inside(effect.freed) };
}
