import { hasText } from '../shared/i18n.ts';
import { type PointKey, usePointTexts } from './texts/use-texts.ts';

/** Words for a fault's code; one without words is shown as it came. */
export function useFaultText(): (code: string | undefined) => string {
  const { t } = usePointTexts();
  return (code) => {
    if (code === undefined) return t('state.driver.FAULTED');
    return hasText(`fault.${code}`) ? t(`fault.${code}` as PointKey) : t('fault.other', { code });
  };
}
