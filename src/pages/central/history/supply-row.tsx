import { CircleCheck, CircleX, Zap } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import type { OpenSupplyState } from '../../../domain/vocabulary.ts';
import { ANONYMOUS, type SupplyDetail } from '../../../messages/central-history-api.ts';
import type { SupplyView } from '../../../messages/entities.ts';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import { duration } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useEntity, useReading, useServerNow, useTick } from '../../shared/live/live-store.ts';
import { supplyFigures } from '../../shared/supply-figures.ts';
import { useRefusalText } from '../../shared/ui/answer-text.ts';
import { useAnswer } from '../../shared/use-answer.ts';
import { useIsCentralAway } from '../page-parts.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './history.module.css';

function Result({ supply }: { supply: SupplyView }) {
  const { t } = useCentralTexts();
  const refusalText = useRefusalText();
  if (supply.state === 'DENIED')
    return (
      <span className={styles.bad}>
        <CircleX size={16} aria-hidden="true" /> {t('history.denied')}
        {supply.refusal ? `: ${refusalText(supply.refusal)}` : ''}
      </span>
    );
  if (supply.state === 'ENDED')
    return (
      <span>
        <CircleCheck size={16} aria-hidden="true" className={styles.good} /> {t('history.ended')}
        {supply.endReason ? `: ${t(`end.${supply.endReason}`)}` : ''}
      </span>
    );
  return (
    <span>
      <Zap size={16} aria-hidden="true" /> {t(`phase.${supply.state as OpenSupplyState}`)}
    </span>
  );
}

/** How long the car was on the plug; still running: until the server's now. */
export function chargeSpanMs(supply: SupplyView, nowMs: number): number | undefined {
  if (supply.pluggedAtMs === undefined) return undefined;
  return (supply.endedAtMs ?? nowMs) - supply.pluggedAtMs;
}

type Figures = { spanMs?: number | undefined; energyWh?: number; amountCents?: number };

/** A figure that there is none of, as in a denied request, is a dash. */
function FigureCells(props: Figures) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  return (
    <>
      <td
        data-name={t('history.duration')}
        data-empty={props.spanMs === undefined}
        className={styles.number}
        data-testid="supply-duration"
      >
        {props.spanMs === undefined ? '–' : duration(props.spanMs)}
      </td>
      <td
        data-name={t('figure.energy')}
        data-empty={props.energyWh === undefined}
        className={styles.number}
        data-testid="supply-energy"
      >
        {props.energyWh === undefined ? '–' : formats.energyDetail(props.energyWh)}
      </td>
      <td
        data-name={t('figure.amount')}
        data-empty={props.amountCents === undefined}
        className={styles.number}
        data-testid="supply-amount"
      >
        {props.amountCents === undefined ? '–' : formats.money(props.amountCents)}
      </td>
    </>
  );
}

function closedFigures(supply: SupplyView): Figures {
  if (supply.state === 'DENIED') return {};
  const { energyWh, amountCents, endedAtMs } = supply;
  return { energyWh, amountCents, spanMs: endedAtMs === undefined ? undefined : chargeSpanMs(supply, endedAtMs) };
}

/** Only what runs is drawn again each second. */
function RunningCells({ supply }: { supply: PanelSupply }) {
  const { energyWh, amountCents } = supplyFigures(supply, useReading(PANEL, supply.readingIndex), useTick());
  const nowMs = useServerNow();
  const spanMs = supply.state === 'INTERRUPTED' ? undefined : chargeSpanMs(supply, nowMs);
  return <FigureCells spanMs={spanMs} energyWh={energyWh} amountCents={amountCents} />;
}

const ASK_EVERY_MS = 5_000;

function isClosed(supply: SupplyView | undefined): boolean {
  return supply?.state === 'ENDED' || supply?.state === 'DENIED';
}

/** How a charge stands that was listed as open: the stream while it runs, and once it has left that, its own record. */
function useNewest(listed: SupplyView, live: PanelSupply | undefined): SupplyView {
  const isAway = useIsCentralAway();
  const [record, setRecord] = useState<SupplyView>();
  const isUnknown = live === undefined && !isClosed(listed) && !isClosed(record);
  const asked = useAnswer<SupplyDetail>(
    isUnknown && !isAway ? `/api/supplies/${listed.supplyId}` : undefined,
    ASK_EVERY_MS,
  );
  const answer = asked.body?.supply;
  useEffect(() => setRecord(answer), [answer]);
  return live ?? record ?? listed;
}

/** One charge of the history; one that still runs shows what the live stream says of it. */
export const SupplyRow = memo(function SupplyRow(props: { supply: SupplyView; onOpen(supplyId: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const live = useEntity<PanelSupply>(PANEL, 'supplies', props.supply.supplyId);
  const supply = useNewest(props.supply, live);
  const when = formats.dateTime(supply.requestedAtMs);
  return (
    <tr data-testid={`supply-${supply.cpId}`} data-supply-state={supply.state}>
      <td className={styles.wide}>
        <button
          type="button"
          className={styles.rowLink}
          aria-label={t('history.open', { id: supply.cpId, when })}
          onClick={() => props.onOpen(supply.supplyId)}
        >
          {when}
        </button>
      </td>
      <td data-name={t('ticket.point')}>
        <strong>{supply.cpId}</strong>
      </td>
      <td data-name={t('ticket.driver')}>{supply.driverId ?? ANONYMOUS}</td>
      <td data-name={t('history.origin')}>{t(`origin.${supply.origin}`)}</td>
      <td className={styles.wide} data-testid="supply-result">
        <Result supply={supply} />
      </td>
      {live ? <RunningCells supply={live} /> : <FigureCells {...closedFigures(supply)} />}
      <td
        data-name={t('history.ticket')}
        data-empty={supply.ticketNumber === undefined}
        className={styles.number}
        data-testid="supply-ticket"
      >
        {supply.ticketNumber ?? '–'}
      </td>
    </tr>
  );
});
