import { type SharedKey, useTexts } from '../../shared/i18n.ts';
import type { TextKey } from '../../shared/text-keys.ts';
import type { point } from './es.ts';

export type PointKey = TextKey<typeof point> | SharedKey;

/** Shared words and the point page's own. */
export function usePointTexts() {
  return useTexts<PointKey>();
}
