import { CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PanelModule, PanelPoint } from '../../../messages/live-stream.ts';
import { roughAge } from '../../shared/format.ts';
import { useCollection, useServerNow, useUpstream } from '../../shared/live/live-store.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useFaultText } from '../../shared/ui/fault-text.ts';
import { SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { isModuleUp } from '../module-health.ts';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './attention.module.css';
import { ATTENTION_SHOWN, type AttentionItem, nextAttention } from './attention-list.ts';
import { PARAM } from './points-query.ts';
import type { QueryInAddress } from './use-points-query.ts';

function useAttention(points: readonly PanelPoint[]): readonly AttentionItem[] {
  const nowMs = useServerNow();
  const [items, setItems] = useState<readonly AttentionItem[]>([]);
  useEffect(() => {
    setItems((before) => {
      const next = nextAttention(before, points, nowMs);
      return JSON.stringify(next) === JSON.stringify(before) ? before : next;
    });
  }, [points, nowMs]);
  return items;
}

function Item({ item, point, onOpen }: { item: AttentionItem; point: PanelPoint | undefined; onOpen(): void }) {
  const { t } = useCentralTexts();
  const faultText = useFaultText();
  const nowMs = useServerNow();
  if (item.solvedAtMs !== undefined || !point)
    return (
      <li className={styles.solved} data-testid={`attention-${item.cpId}`}>
        <CircleCheck size={16} aria-hidden="true" /> <strong>{item.cpId}</strong> {t('points.solved')}
      </li>
    );
  const Icon = STATE_ICONS[point.state];
  const reason =
    point.state === 'FAULTED'
      ? faultText(point.faultCode ?? 'ENGINE_SILENT')
      : point.reasons.length > 0
        ? point.reasons.map((code) => t(`reason.${code}`)).join(' · ')
        : t(`state.panel.${point.state}`);
  return (
    <li data-testid={`attention-${item.cpId}`}>
      <button type="button" className={styles.item} data-state={point.state} onClick={onOpen}>
        <Icon size={16} aria-hidden="true" />
        <strong>{item.cpId}</strong>
        <span>{reason}</span>
        <span className={styles.age}>{roughAge(nowMs - item.sinceMs)}</span>
      </button>
    </li>
  );
}

function useLostModules(): readonly PanelModule[] {
  const isReachable = useUpstream(PANEL)?.isCentralReachable ?? true;
  return Object.values(useCollection<PanelModule>(PANEL, 'modules')).filter(
    (module) => !isModuleUp(module, isReachable),
  );
}

function LostModules({ lost }: { lost: readonly PanelModule[] }) {
  const { t } = useCentralTexts();
  if (lost.length === 0) return null;
  return (
    <li className={styles.module} data-testid="attention-modules">
      {t('points.modulesDown', { names: lost.map((module) => module.moduleId).join(', ') })}
    </li>
  );
}

type Props = { points: readonly PanelPoint[]; address: QueryInAddress; onOpen(cpId: string): void };

/** What somebody should look at, newest first; the points themselves keep their places. */
export function Attention({ points, address, onOpen }: Props) {
  const { t } = useCentralTexts();
  const items = useAttention(points);
  const lost = useLostModules();
  const isCalm = items.length === 0 && lost.length === 0;
  const byId = useCollection<PanelPoint>(PANEL, 'points');
  const shown = items.slice(0, ATTENTION_SHOWN);
  return (
    <section className={styles.attention} aria-label={t('points.attention')} data-testid="attention">
      <ul className={styles.items} {...SCROLLED_BY_KEYS}>
        <LostModules lost={lost} />
        {shown.map((item) => (
          <Item key={item.cpId} item={item} point={byId[item.cpId]} onOpen={() => onOpen(item.cpId)} />
        ))}
        {items.length > shown.length ? (
          <li>
            <ActionButton
              size="small"
              testId="attention-all"
              onClick={() => address.put({ [PARAM.sort]: 'attention', [PARAM.states]: undefined })}
            >
              {t('points.seeAll', { n: items.length })}
            </ActionButton>
          </li>
        ) : null}
      </ul>
      <p role="status" className={isCalm ? styles.calm : 'visually-hidden'}>
        {isCalm ? t('points.calm') : ''}
      </p>
    </section>
  );
}
