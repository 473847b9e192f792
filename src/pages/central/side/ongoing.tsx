import { CircleX, Clock, Square } from 'lucide-react';
import { Link } from 'wouter';
import type { OpenSupplyState } from '../../../domain/vocabulary.ts';
import type { PanelPoint, PanelRefusal, PanelSupply } from '../../../messages/live-stream.ts';
import { duration, roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useEntity, useReading, useServerNow, useTick } from '../../shared/live/live-store.ts';
import { LATE_READING_MS, supplyFigures } from '../../shared/supply-figures.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useRefusalText } from '../../shared/ui/answer-text.ts';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';

import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { type OrderRequest, useOrderConfirmation } from '../use-order-confirmation.tsx';
import { ongoingRows } from './ongoing-rows.ts';
import styles from './side.module.css';

/** A reading this old is no longer what flows now: its figure fades (ux 2.3). */
const STALE_READING_MS = 10_000;
/** More than a person looks through here: the page of the charges has them all. */
const MAX_ROWS = 40;

function EndButton({ supply, ask }: { supply: PanelSupply; ask(request: OrderRequest): void }) {
  const { t } = useCentralTexts();
  const blockedBy = useBlockedReason(PANEL);
  const point = useEntity<PanelPoint>(PANEL, 'points', supply.cpId);
  if (!point || supply.state === 'INTERRUPTED') return null;
  return (
    <ActionButton
      size="small"
      testId={`end-${supply.cpId}`}
      label={`${t('central.order.END_SUPPLY')} ${supply.cpId}`}
      blockedBy={blockedBy ?? (supply.state === 'ENDING' ? t('phase.ENDING') : undefined)}
      onClick={() => ask({ kind: 'END_SUPPLY', points: [point] })}
    >
      <Square size={14} aria-hidden="true" />
    </ActionButton>
  );
}

function SupplyRow({ supply, ask }: { supply: PanelSupply; ask(request: OrderRequest): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const mayOrder = useMay('operator');
  const nowMs = useTick();
  const serverNowMs = useServerNow();
  const figures = supplyFigures(supply, useReading(PANEL, supply.readingIndex), nowMs);
  const ageMs = supply.state === 'CHARGING' ? (figures.readingAgeMs ?? 0) : 0;
  return (
    <tr data-testid={`ongoing-${supply.cpId}`}>
      <td>
        <span className="muted">{formats.date(supply.requestedAtMs)}</span>
        <br />
        {formats.time(supply.requestedAtMs)}
      </td>
      <td>{supply.driverId ?? t('common.anonymous')}</td>
      <td>
        <strong>{supply.cpId}</strong>
        <br />
        <span className="muted">{t(`phase.${supply.state as OpenSupplyState}`)}</span>
      </td>
      <td className={styles.number} data-old={ageMs > STALE_READING_MS}>
        {formats.energy(figures.energyWh)}
        <br />
        {formats.money(figures.amountCents)}
        {ageMs > LATE_READING_MS ? (
          <span className={styles.late}>
            <Clock size={12} aria-hidden="true" /> {t('common.ago', { t: roughAge(ageMs) })}
          </span>
        ) : null}
      </td>
      <td className={styles.number}>
        {supply.pluggedAtMs && supply.state !== 'INTERRUPTED' ? duration(serverNowMs - supply.pluggedAtMs) : '–'}
      </td>
      {mayOrder ? (
        <td>
          <EndButton supply={supply} ask={ask} />
        </td>
      ) : null}
    </tr>
  );
}

function RefusalRow({ refusal }: { refusal: PanelRefusal }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  const mayOrder = useMay('operator');
  return (
    <tr className={styles.refused} data-testid={`refusal-${refusal.cpId}`}>
      <td>
        <span className="muted">{formats.date(refusal.atMs)}</span>
        <br />
        {formats.time(refusal.atMs)}
      </td>
      <td>{refusal.driverId ?? t('common.anonymous')}</td>
      <td>
        <strong>{refusal.cpId}</strong>
      </td>
      <td colSpan={mayOrder ? 3 : 2}>
        <CircleX size={16} aria-hidden="true" /> {t('central.denied')}: {refusalText(refusal.refusal)}
      </td>
    </tr>
  );
}

/** Ongoing requests and charges (R1-02); a denied request stays for half a minute with its reason. */
export function Ongoing() {
  const { t } = useCentralTexts();
  const mayOrder = useMay('operator');
  const supplies = Object.values(useCollection<PanelSupply>(PANEL, 'supplies'));
  const refusals = Object.values(useCollection<PanelRefusal>(PANEL, 'refusals'));
  const rows = ongoingRows(supplies, refusals);
  const { ask, dialog } = useOrderConfirmation();
  return (
    <Card testId="ongoing" label={t('central.ongoing.title')}>
      <div className={styles.cardHead}>
        <h2>{t('central.ongoing.title')}</h2>
      </div>
      {rows.length === 0 ? (
        <Empty>{t('central.ongoing.empty')}</Empty>
      ) : (
        <div className={styles.ongoing} {...SCROLLED_BY_KEYS}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('central.ongoing.start')}</th>
                <th scope="col">{t('ticket.driver')}</th>
                <th scope="col">{t('ticket.point')}</th>
                <th scope="col">kWh · €</th>
                <th scope="col">{t('figure.duration')}</th>
                {mayOrder ? (
                  <th scope="col">
                    <span className="visually-hidden">{t('central.ongoing.actions')}</span>
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {rows
                .slice(0, MAX_ROWS)
                .map((row) =>
                  row.kind === 'SUPPLY' ? (
                    <SupplyRow key={row.supply.supplyId} supply={row.supply} ask={ask} />
                  ) : (
                    <RefusalRow key={row.refusal.requestId} refusal={row.refusal} />
                  ),
                )}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > MAX_ROWS ? (
        <Link href="/recargas?group=OPEN">{t('central.ongoing.more', { n: rows.length - MAX_ROWS })}</Link>
      ) : null}
      {dialog}
    </Card>
  );
}
