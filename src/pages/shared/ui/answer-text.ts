import type { Refusal } from '../../../domain/refusal.ts';
import type { ApiAnswer } from '../api.ts';
import { hasText, type SharedKey, useTexts } from '../i18n.ts';
import type { Translate } from '../text-keys.ts';

/** The sentence for a call that failed; a code without words is shown as it came. */
export function errorText(t: Translate<SharedKey>, answer: Extract<ApiAnswer<never>, { isOk: false }>): string {
  const key = `error.code.${answer.code}`;
  const seconds = answer.retryAfterS ?? answer.params.retryAfterS ?? '…';
  if (hasText(key)) return t(key as SharedKey, { detail: String(answer.params.detail ?? ''), s: String(seconds) });
  const refusal = `refusal.${answer.code}`;
  if (hasText(refusal)) return t(refusal as SharedKey);
  return t('error.unknown', { code: answer.code });
}

/** Why a supply was refused, with every reason named (ux 2.1). */
export function useRefusalText(): (refusal: Refusal) => string {
  const { t } = useTexts();
  return (refusal) => {
    const main = hasText(`refusal.${refusal.code}`) ? t(`refusal.${refusal.code}`) : refusal.code;
    const reasons = (refusal.reasons ?? []).map((reason) => t(`reason.${reason}`)).join(', ');
    const detail =
      reasons ||
      (refusal.detail
        ? hasText(`decline.${refusal.detail}`)
          ? t(`decline.${refusal.detail}` as SharedKey)
          : refusal.detail
        : '');
    return detail ? `${main} (${detail})` : main;
  };
}

export type CodeParams = Record<string, string | number>;

/** A message or log line of codes and parameters in the reader's words; a code without words is shown as it came. */
export function useCodeText(): (area: string, code: string, params: CodeParams, cpId?: string) => string {
  const { t } = useTexts();
  return (area, code, params, cpId = '') => {
    const key = `${area}.${code}`;
    if (hasText(key)) return t(key as SharedKey, { id: cpId, ...translated(t, params) });
    const detail = Object.entries(params).map(([name, value]) => `${name}=${value}`);
    return [t('error.untranslated'), cpId, code, ...detail].filter((part) => part !== '').join(' ');
  };
}

const TRANSLATED_AREAS = ['state.panel', 'refusal', 'reason', 'end', 'fault', 'decline', 'error.code'];

/** Codes inside parameters (a refusal in a message) become words too. */
function translated(t: Translate<SharedKey>, params: CodeParams): CodeParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const area = TRANSLATED_AREAS.find((known) => typeof value === 'string' && hasText(`${known}.${value}`));
      return [name, area ? t(`${area}.${value}` as SharedKey) : value];
    }),
  );
}
