import type { PointState } from '../../../domain/vocabulary.ts';
import { useTexts } from '../i18n.ts';
import { STATE_ICONS } from '../state-look.ts';
import styles from './ui.module.css';

/** Who reads: the panel says "Activado" where a driver reads "Disponible" (ux 2.1). */
export type Audience = 'panel' | 'driver';

/** The one way in which a state is shown as a badge: colour, icon and word. */
export function StateBadge(props: { state: PointState; audience: Audience; isOwn?: boolean }) {
  const { t } = useTexts();
  const Icon = STATE_ICONS[props.state];
  const label =
    props.isOwn && props.state === 'CHARGING' ? t('state.own') : t(`state.${props.audience}.${props.state}`);
  return (
    <span className={styles.badge} data-state={props.state} data-testid="state-badge">
      <Icon size={16} aria-hidden="true" />
      {label}
    </span>
  );
}
