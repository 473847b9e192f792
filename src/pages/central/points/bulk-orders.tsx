import { Play, Plus, Square } from 'lucide-react';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { useOrderConfirmation } from '../use-order-confirmation.tsx';
import styles from './points-area.module.css';

type Props = {
  points: readonly PanelPoint[];
  /** Those that the filters leave; all points if nothing is filtered. */
  shown: readonly PanelPoint[];
  onAdd(): void;
};

function FilteredOrders({ shown, blockedBy }: { shown: readonly PanelPoint[]; blockedBy: string | undefined }) {
  const { t } = useCentralTexts();
  const { ask, dialog } = useOrderConfirmation();
  const n = { count: shown.length };
  return (
    <>
      <ActionButton
        size="small"
        testId="stop-shown"
        blockedBy={blockedBy}
        onClick={() => ask({ kind: 'STOP', points: shown })}
      >
        <Square size={16} aria-hidden="true" /> {t('points.stopShown', n)}
      </ActionButton>
      <ActionButton
        size="small"
        testId="resume-shown"
        blockedBy={blockedBy}
        onClick={() => ask({ kind: 'RESUME', points: shown })}
      >
        <Play size={16} aria-hidden="true" /> {t('points.resumeShown', n)}
      </ActionButton>
      {dialog}
    </>
  );
}

/** Orders for many points: all of them, or those that the filters leave. */
export function BulkOrders({ points, shown, onAdd }: Props) {
  const { t } = useCentralTexts();
  const mayOrder = useMay('operator');
  const isAdmin = useMay('admin');
  const blockedBy = useBlockedReason(PANEL);
  const { ask, dialog } = useOrderConfirmation();
  const emptyReason = points.length === 0 ? t('central.noPoints') : undefined;
  if (!mayOrder) return null;
  const isFiltered = shown.length > 0 && shown.length < points.length;
  return (
    <div className={styles.orders}>
      {isFiltered ? <FilteredOrders shown={shown} blockedBy={blockedBy} /> : null}
      <ActionButton
        testId="stop-all"
        variant="danger"
        blockedBy={blockedBy ?? emptyReason}
        onClick={() => ask({ kind: 'STOP', points, isForAll: true })}
      >
        <Square size={16} aria-hidden="true" /> {t('central.stopAll')}
      </ActionButton>
      <ActionButton
        testId="resume-all"
        blockedBy={blockedBy ?? emptyReason}
        onClick={() => ask({ kind: 'RESUME', points, isForAll: true })}
      >
        <Play size={16} aria-hidden="true" /> {t('central.resumeAll')}
      </ActionButton>
      {isAdmin ? (
        <ActionButton testId="add-point" blockedBy={blockedBy} onClick={onAdd}>
          <Plus size={16} aria-hidden="true" /> {t('central.addPoint')}
        </ActionButton>
      ) : null}
      {dialog}
    </div>
  );
}
