import { Download, Play, Square, X } from 'lucide-react';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { useOrderConfirmation } from '../use-order-confirmation.tsx';
import { exportPoints } from './export-points.ts';
import { clearSelection, selectAll, useSelection } from './selection.ts';
import styles from './selection-bar.module.css';

type Props = { points: readonly PanelPoint[]; shown: readonly PanelPoint[] };

/** Orders for the ticked rows (ux 3.1): asked about once, answered point by point; ticked points that a filter hides are counted aloud. */
export function SelectionBar({ points, shown }: Props) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const mayOrder = useMay('operator');
  const blockedBy = useBlockedReason(PANEL);
  const { ask, dialog } = useOrderConfirmation();
  const cpIds = useSelection();
  const selected = points.filter(({ cpId }) => cpIds.has(cpId));
  if (!mayOrder || selected.length === 0) return dialog;
  const inSight = shown.filter(({ cpId }) => cpIds.has(cpId)).length;
  const hidden = selected.length - inSight;
  return (
    <section className={styles.bar} aria-label={t('points.selection.title')} data-testid="selection-bar">
      <strong role="status" data-testid="selection-count">
        {t('points.selection.count', { count: selected.length })}
        {hidden > 0 ? ` · ${t('points.selection.hidden', { n: formats.number(hidden) })}` : ''}
      </strong>
      {inSight < shown.length ? (
        <ActionButton
          size="small"
          variant="quiet"
          testId="select-shown"
          onClick={() =>
            selectAll(
              shown.map(({ cpId }) => cpId),
              true,
            )
          }
        >
          {t('points.selection.all', { n: formats.number(shown.length) })}
        </ActionButton>
      ) : null}
      <span className={styles.orders}>
        <ActionButton
          size="small"
          testId="stop-selected"
          blockedBy={blockedBy}
          onClick={() => ask({ kind: 'STOP', points: selected })}
        >
          <Square size={16} aria-hidden="true" /> {t('central.order.STOP')}
        </ActionButton>
        <ActionButton
          size="small"
          testId="resume-selected"
          blockedBy={blockedBy}
          onClick={() => ask({ kind: 'RESUME', points: selected })}
        >
          <Play size={16} aria-hidden="true" /> {t('central.order.RESUME')}
        </ActionButton>
        <ActionButton size="small" testId="export-selected" onClick={() => exportPoints(selected)}>
          <Download size={16} aria-hidden="true" /> CSV
        </ActionButton>
        <ActionButton
          size="small"
          variant="quiet"
          testId="clear-selection"
          label={t('points.selection.clear')}
          onClick={clearSelection}
        >
          <X size={16} aria-hidden="true" />
        </ActionButton>
      </span>
      {dialog}
    </section>
  );
}
