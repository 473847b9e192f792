import { type SharedKey, useTexts } from '../../shared/i18n.ts';
import type { TextKey } from '../../shared/text-keys.ts';
import type { driver } from './es.ts';

export type DriverKey = TextKey<typeof driver> | SharedKey;

/** Shared words and the driver page's own. */
export function useDriverTexts() {
  return useTexts<DriverKey>();
}
