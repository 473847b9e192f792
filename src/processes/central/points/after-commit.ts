import { refusalText } from '../../../domain/refusal.ts';
import type { Supply } from '../../../domain/supply.ts';
import type { Audit } from '../../../io/audit/audit.ts';
import type { Clock } from '../../../io/clock.ts';
import type { PanelMessageCode } from '../../../messages/shown-codes.ts';
import type { CentralPicture } from '../picture/central-picture.ts';
import { wireRefusal } from './effect-messages.ts';
import type { FactsNotifier } from './facts-notifier.ts';
import type { OutboxSender } from './outbox-sender.ts';
import { ANONYMOUS, type Committed } from './point-parts.ts';

export type AfterCommitParts = {
  picture: CentralPicture;
  notifier: Pick<FactsNotifier, 'changed'>;
  outbox: OutboxSender;
  audit: Audit;
  clock: Clock;
};

/** What follows a committed change: messages go out, the picture is read again, audit and panel are told. */
export function afterCommit(parts: AfterCommitParts, committed: Committed): void {
  void parts.outbox.send(committed.outbox);
  if (committed.hasChanged) {
    parts.picture.refresh([committed.cpId]);
    parts.notifier.changed([committed.cpId]);
  }
  for (const entry of committed.audit) parts.audit.record(entry);
  for (const order of committed.orders) parts.picture.showOrder(order);
  for (const { before, after } of committed.supplies) {
    if (before?.state !== after.state) tellPanel(parts, after);
  }
}

function tellPanel({ picture, clock }: AfterCommitParts, supply: Supply): void {
  const { cpId } = supply;
  const driverId = supply.driverId ?? ANONYMOUS;
  const say = (level: 'info' | 'warn', code: PanelMessageCode, params: Record<string, string | number>): void =>
    picture.say({ level, source: cpId, code, params: { driverId, ...params }, cpId });
  if (supply.state === 'CHARGING') say('info', 'SUPPLY_STARTED', {});
  if (supply.state === 'INTERRUPTED') say('warn', 'SUPPLY_INTERRUPTED', { reason: supply.orderedEndReason ?? 'FAULT' });
  if (supply.state === 'ENDED') {
    const { energyWh, amountCents, endReason, suspectReasons } = supply;
    if (suspectReasons.length > 0) say('warn', 'SUPPLY_SUSPECT', { reasons: suspectReasons.join(' ') });
    say('info', 'SUPPLY_ENDED', { energyWh, amountCents, reason: endReason });
  }
  if (supply.state === 'DENIED') {
    const { requestId, origin } = supply;
    const shown = { requestId, cpId, origin, refusal: wireRefusal(supply.refusal), atMs: clock.nowMs() };
    picture.showRefusal(supply.driverId === null ? shown : { ...shown, driverId: supply.driverId });
    say('info', 'SUPPLY_DENIED', { refusal: refusalText(supply.refusal) });
  }
}
