import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useMe } from '../use-driver.ts';

/** Why this driver cannot ask for a charge now; undefined: they can. */
export function useWhyNot(): string | undefined {
  const { t } = useDriverTexts();
  const me = useMe();
  const blockedBy = useBlockedReason(POINTS);
  if (blockedBy) return blockedBy;
  return me?.openSupply || me?.pendingRequest ? t('refusal.DRIVER_BUSY') : undefined;
}
