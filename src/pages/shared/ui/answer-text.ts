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
