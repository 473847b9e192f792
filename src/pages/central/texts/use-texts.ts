import { type SharedKey, useTexts } from '../../shared/i18n.ts';
import type { TextKey } from '../../shared/text-keys.ts';
import type { central } from './es.ts';

export type CentralKey = TextKey<typeof central> | SharedKey;

/** Shared words and the panel's own. */
export function useCentralTexts() {
  return useTexts<CentralKey>();
}
