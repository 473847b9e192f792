import { Ban, CircleCheck, Clock, KeyRound, type LucideIcon } from 'lucide-react';
import type { RegistrationState } from '../../messages/registry-api.ts';
import styles from './registry.module.css';
import { useRegistryTexts } from './texts/use-texts.ts';

export const STATUS_ICONS: Readonly<Record<RegistrationState, LucideIcon>> = {
  PENDING: Clock,
  REGISTERED: CircleCheck,
  BLOCKED: KeyRound,
  RETIRED: Ban,
};

/** How a point stands with the Registry: icon, word and colour. */
export function StatusBadge({ status }: { status: RegistrationState }) {
  const { t } = useRegistryTexts();
  const Icon = STATUS_ICONS[status];
  return (
    <span className={styles.status} data-status={status} data-testid="status">
      <Icon size={16} aria-hidden="true" /> {t(`registry.status.${status}`)}
    </span>
  );
}
