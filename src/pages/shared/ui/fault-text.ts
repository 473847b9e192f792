import { hasText, type SharedKey, useTexts } from '../i18n.ts';

/** Words for a fault's code; one without words is shown as it came. */
export function useFaultText(): (code: string | undefined) => string {
  const { t } = useTexts();
  return (code) => {
    if (code === undefined) return t('state.driver.FAULTED');
    return hasText(`fault.${code}`) ? t(`fault.${code}` as SharedKey) : t('fault.other', { code });
  };
}
