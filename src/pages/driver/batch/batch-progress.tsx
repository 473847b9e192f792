import {
  Ban,
  Check,
  CircleX,
  Clock,
  Download,
  type LucideIcon,
  Pause,
  Play,
  PlugZap,
  SkipForward,
  X,
  Zap,
} from 'lucide-react';
import { useState } from 'react';
import { BATCH_PAUSE_MS, type BatchLine, currentLine, isBatchOver, mayBatchAsk } from '../../../domain/batch.ts';
import type { BatchOrder, BatchView } from '../../../messages/batches.ts';
import { duration } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useServerNow } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useRefusalText } from '../../shared/ui/answer-text.ts';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { Card } from '../../shared/ui/parts.tsx';
import { orderBatch } from '../actions.ts';
import parts from '../parts.module.css';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useCall } from '../use-call.ts';
import { useMe } from '../use-driver.ts';
import styles from './batch.module.css';
import { batchCounts, batchCsv, isBadLine, isGoodLine } from './batch-summary.ts';

function lookOf(line: BatchLine): { Icon: LucideIcon; look: 'good' | 'bad' | 'now' | 'still' } {
  if (isGoodLine(line)) return { Icon: Check, look: 'good' };
  if (isBadLine(line)) return { Icon: CircleX, look: 'bad' };
  if (line.state === 'SKIPPED') return { Icon: Ban, look: 'still' };
  if (line.state === 'WAITING') return { Icon: Clock, look: 'still' };
  return { Icon: line.supplyState === 'PREPARING' ? PlugZap : Zap, look: 'now' };
}

/** A line's state in words, with live figures while it charges. */
function useLineText(): (line: BatchLine) => string {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  const me = useMe();
  const nowMs = useServerNow();
  return (line) => {
    const open = me?.openSupply?.supplyId === line.supplyId ? me?.openSupply : undefined;
    if (line.state === 'DENIED') return line.refusal ? refusalText(line.refusal) : t('batch.state.DENIED');
    if (line.state === 'DONE') {
      const figures = `${formats.energyDetail(line.energyWh ?? 0)} · ${formats.money(line.amountCents ?? 0)}`;
      return line.endReason ? `${figures} · ${t(`end.${line.endReason}`)}` : figures;
    }
    if (line.state !== 'OPEN') return t(`batch.state.${line.state}`);
    if (open?.state === 'PREPARING' && open.plugDeadlineAtMs !== undefined)
      return t('batch.plugIn', { t: duration(open.plugDeadlineAtMs - nowMs) });
    if (open?.pluggedAtMs) return `${t('phase.CHARGING')} · ${formats.energy(open.energyWh)}`;
    return line.supplyState && line.supplyState in PHASES ? t(`phase.${line.supplyState as keyof typeof PHASES}`) : '';
  };
}

const PHASES = { REQUESTED: 1, PREPARING: 1, CHARGING: 1, ENDING: 1, INTERRUPTED: 1 };

function Lines({ batch }: { batch: BatchView }) {
  const { t } = useDriverTexts();
  const textOf = useLineText();
  return (
    <ol className={styles.lines} data-testid="batch-lines">
      {batch.lines.map((line) => {
        const { Icon, look } = lookOf(line);
        return (
          <li key={line.requestId} data-look={look} data-state={undefined} data-testid={`batch-line-${line.line}`}>
            <Icon size={20} aria-hidden="true" />
            <span className={styles.number}>
              <span className="visually-hidden">{t('batch.line')} </span>
              {line.line}
            </span>
            <strong className={styles.id}>{line.cpId}</strong>
            <span data-testid="batch-line-state" data-line-state={line.state}>
              {textOf(line)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The four seconds between two charges, as a ring that empties. */
function NextIn({ batch }: { batch: BatchView }) {
  const { t } = useDriverTexts();
  const leftMs = batch.nextAtMs - useServerNow(250);
  const isWaiting = batch.state === 'RUNNING' && !currentLine(batch);
  if (!isWaiting) return null;
  if (leftMs <= 0) return <p className={styles.next}>{t('batch.waitsForDriver')}</p>;
  const share = Math.min(1, leftMs / BATCH_PAUSE_MS);
  return (
    <p className={styles.next} data-testid="batch-next">
      <span className={styles.ring} style={{ '--share': `${share * 360}deg` } as never} aria-hidden="true" />
      {t('batch.nextIn', { s: Math.ceil(leftMs / 1_000) })}
    </p>
  );
}

function Orders({ batch }: { batch: BatchView }) {
  const { t } = useDriverTexts();
  const blockedBy = useBlockedReason(POINTS);
  const call = useCall();
  // Asking to cancel waits for no other order on its way.
  const cancelling = useCall();
  const [isAsking, setAsking] = useState(false);
  const order = (kind: BatchOrder) => void call.run(() => orderBatch(batch.batchId, kind));
  const isCharging = currentLine(batch)?.supplyState === 'CHARGING';
  const isPaused = batch.state === 'PAUSED';
  const canAsk = mayBatchAsk(batch);
  const skipText = t(isCharging ? (canAsk ? 'batch.stopLine' : 'driver.stop') : 'batch.skip');
  return (
    <div className={parts.row}>
      {canAsk ? (
        <ActionButton
          testId={isPaused ? 'batch-resume' : 'batch-pause'}
          isBusy={call.isBusy}
          onClick={() => order(isPaused ? 'resume' : 'pause')}
        >
          {isPaused ? <Play size={18} aria-hidden="true" /> : <Pause size={18} aria-hidden="true" />}{' '}
          {t(isPaused ? 'batch.resume' : 'batch.pause')}
        </ActionButton>
      ) : null}
      {canAsk || isCharging ? (
        <ActionButton
          testId="batch-skip"
          isBusy={call.isBusy}
          blockedBy={isCharging ? blockedBy : undefined}
          onClick={() => order('skip')}
        >
          <SkipForward size={18} aria-hidden="true" /> {skipText}
        </ActionButton>
      ) : null}
      {canAsk ? (
        <ActionButton variant="danger" testId="batch-cancel" isBusy={cancelling.isBusy} onClick={() => setAsking(true)}>
          <X size={18} aria-hidden="true" /> {t('batch.cancel')}
        </ActionButton>
      ) : null}
      {isAsking && canAsk ? (
        <ConfirmDialog
          ask={{
            title: t('batch.cancelTitle'),
            body: t(isCharging ? 'batch.cancelBodyCharging' : 'batch.cancelBody'),
            verb: t('batch.cancel'),
            isDanger: true,
            onConfirm: () => void cancelling.run(() => orderBatch(batch.batchId, 'cancel')),
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}

function ResultsFile({ batch }: { batch: BatchView }) {
  const href = `data:text/csv;charset=utf-8,${encodeURIComponent(batchCsv(batch))}`;
  return (
    <a className={parts.linkButton} href={href} download="lote.csv" data-testid="batch-csv">
      <Download size={18} aria-hidden="true" /> CSV
    </a>
  );
}

/** A batch that runs or has run: how far it is, what became of each line. */
export function BatchProgress({ batch }: { batch: BatchView }) {
  const { t } = useDriverTexts();
  const counts = batchCounts(batch.lines);
  const isOver = isBatchOver(batch);
  const head = mayBatchAsk(batch)
    ? t('batch.progress', { a: counts.over, b: counts.total })
    : t(batch.state === 'CANCELLED' ? 'batch.cancelled' : 'batch.finished', { ok: counts.good, ko: counts.bad });
  return (
    <Card>
      <div className={parts.stack} data-testid="batch-progress" data-batch={batch.state} data-over={isOver}>
        <div className={styles.head}>
          <strong role="status">{head}</strong>
          <span>
            <span data-testid="batch-good">{counts.good} ✓</span> · <span data-testid="batch-bad">{counts.bad} ✗</span>
            {batch.state === 'PAUSED' ? ` · ${t('batch.paused')}` : ''}
          </span>
        </div>
        <progress className={styles.bar} value={counts.over} max={counts.total} aria-label={head} />
        {isOver ? <ResultsFile batch={batch} /> : <NextIn batch={batch} />}
        {isOver ? null : <Orders batch={batch} />}
        <Lines batch={batch} />
        {mayBatchAsk(batch) ? <p className="muted">{t('batch.onServer')}</p> : null}
      </div>
    </Card>
  );
}
