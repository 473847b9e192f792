import type { PanelPoint, PanelSupply } from '../../../../messages/live-stream.ts';
import { ActionButton } from '../../../shared/ui/action-button.tsx';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { type PointAction, usePointActions } from '../use-point-actions.tsx';
import styles from './detail.module.css';

type Props = { point: PanelPoint; supply: PanelSupply | undefined; onDeleted(): void };

/** Stopping and resuming are one button: whoever has pressed it keeps the focus when it turns. */
const keyOf = (id: PointAction['id']) => (id === 'resume' ? 'stop' : id);

/** The orders for one point as buttons; somebody who may give none is told how to. */
export function PointActions({ point, supply, onDeleted }: Props) {
  const { t } = useCentralTexts();
  const actions = usePointActions(onDeleted);
  const shown = actions.of({ point, supply });
  if (shown.length === 0) return <p className="muted">{t('central.signInToOrder')}</p>;
  return (
    <div className={styles.actions}>
      {shown.map(({ id, label, icon: Icon, look, blockedBy, run }) => (
        <ActionButton
          key={keyOf(id)}
          size="small"
          variant={look ?? 'plain'}
          testId={id}
          blockedBy={blockedBy}
          onClick={run}
        >
          <Icon size={16} aria-hidden="true" /> {label}
        </ActionButton>
      ))}
      {actions.dialog}
    </div>
  );
}
