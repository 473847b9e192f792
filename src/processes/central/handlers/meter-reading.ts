import { isPlainReading } from '../../../domain/supply-engine-facts.ts';
import { MAX_INTEGER, SECOND_MS } from '../../../domain/units.ts';
import type { Delivery } from '../../../io/channels/central-contract.ts';
import type { EngineToCentral } from '../../../messages/engine-central.ts';
import { type Handler, type HandlerParts, refuse } from './handler-parts.ts';
import { applyFact } from './supply-facts.ts';

/** How often a reading that is news to the domain (a lost start, a supply that should be over) is asked about. */
const LOOK_UP_EVERY_MS = 3 * SECOND_MS;
const MAX_REMEMBERED = 20_000;

/** Newest cumulative Wh into memory and the live feed: the one handler with no query (S-ENG-06). */
export function createMeterReading(): Handler {
  const lookedUpAtMs = new Map<string, number>();

  const isDue = (supplyId: string, nowMs: number): boolean => {
    if (nowMs - (lookedUpAtMs.get(supplyId) ?? -LOOK_UP_EVERY_MS) < LOOK_UP_EVERY_MS) return false;
    if (lookedUpAtMs.size >= MAX_REMEMBERED) lookedUpAtMs.clear();
    lookedUpAtMs.set(supplyId, nowMs);
    return true;
  };
  return (delivery, parts) => {
    const body = delivery.envelope.body as EngineToCentral['meter-reading'];
    const supply = parts.picture.openSupply(body.supplyId);
    if (supply && supply.cpId !== delivery.subjectId) {
      refuse(delivery, parts, 'FOREIGN_SUPPLY');
      return 'in-memory';
    }
    if (supply) keep(delivery, parts, body);
    if (supply && isPlainReading(supply)) return 'in-memory';
    if (!isDue(body.supplyId, parts.clock.monotonicMs())) return 'in-memory';
    const { supplyId, measuredAtMs } = body;
    return applyFact(delivery, parts, { event: { kind: 'meter-reading', supplyId, measuredAtMs } });
  };
}

function keep(delivery: Delivery, parts: HandlerParts, body: EngineToCentral['meter-reading']): void {
  const { supplyId, sequence, energyWh, powerW, measuredAtMs } = body;
  const receivedAtMs = Math.min(delivery.appendedAtMs, parts.clock.nowMs());
  if (energyWh <= MAX_INTEGER) parts.readings.put(supplyId, { sequence, energyWh, powerW, measuredAtMs, receivedAtMs });
}
