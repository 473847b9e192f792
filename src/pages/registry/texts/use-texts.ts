import { type SharedKey, useTexts } from '../../shared/i18n.ts';
import type { TextKey } from '../../shared/text-keys.ts';
import type { registry } from './es.ts';

export type RegistryKey = TextKey<typeof registry> | SharedKey;

/** Shared words and the Registry page's own. */
export function useRegistryTexts() {
  return useTexts<RegistryKey>();
}
