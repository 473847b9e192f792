import type { Refusal } from '../../../domain/refusal.ts';
import { charge } from '../../../io/audit/audit-events.ts';
import type { Delivery } from '../../../io/channels/central-contract.ts';
import { newTimeOrderedId } from '../../../io/new-id.ts';
import { CommitUnknown, isDatabaseUnavailable } from '../../../io/postgres/database.ts';
import type { DriverToCentral } from '../../../messages/driver-central.ts';
import type { EngineToCentral } from '../../../messages/engine-central.ts';
import type { PointOutcome } from '../parts.ts';
import { wireRefusal } from '../points/effect-messages.ts';
import { ANONYMOUS } from '../points/point-parts.ts';
import {
  actorOf,
  answerDriver,
  answerEngine,
  answerSupply,
  type Handler,
  type HandlerParts,
  refuse,
} from './handler-parts.ts';
import { driverOf } from './presented-token.ts';

const UNAVAILABLE: Refusal = { code: 'SERVICE_UNAVAILABLE' };
type Asked = {
  cpId: string;
  requestId: string;
  driverId: string | null;
  origin: 'APP' | 'BATCH' | 'POINT';
  isExpired: boolean;
};

/** A driver asks for a point; `isExpired` refuses what came too late (F-10). */
export function supplyRequestedByDriver(isExpired: boolean): Handler {
  const unlessUnavailable = createUnlessUnavailable();
  return async (delivery, parts) => {
    const { requestId, sessionToken, cpId, origin } = delivery.envelope.body as DriverToCentral['supply-requested'];
    const tell = (refusal: Refusal, driverId?: string) =>
      answerDriver(delivery, parts, {
        type: 'request-refused',
        body: { ...(driverId !== undefined && { driverId }), requestId, refusal: wireRefusal(refusal) },
      });
    const driverId = await unlessUnavailable(delivery, () => driverOf(delivery, parts, sessionToken));
    if (driverId === 'UNAVAILABLE') return tell(UNAVAILABLE);
    if (driverId === undefined) return tell({ code: 'NOT_LOGGED_IN' });
    const asked = { cpId, requestId, driverId, origin: origin === 'POINT' ? 'APP' : origin, isExpired } as const;
    const outcome = await unlessUnavailable(delivery, () => decide(delivery, parts, asked));
    if (outcome === 'UNAVAILABLE') return tell(UNAVAILABLE, driverId);
    if (outcome.supply === null) return tell(outcome.refusal ?? UNAVAILABLE, driverId);
    return answerSupply(delivery, parts, { driverId, supply: outcome.supply });
  };
}

/** Asked for at the point itself: anonymous (S-ENG-01). */
export function supplyRequestedAtPoint(isExpired: boolean): Handler {
  const unlessUnavailable = createUnlessUnavailable();
  return async (delivery, parts) => {
    const { requestId } = delivery.envelope.body as EngineToCentral['supply-requested'];
    const asked = { cpId: delivery.subjectId, requestId, driverId: null, origin: 'POINT', isExpired } as const;
    const outcome = await unlessUnavailable(delivery, () => decide(delivery, parts, asked));
    const refusal = outcome === 'UNAVAILABLE' ? UNAVAILABLE : outcome.supply === null ? outcome.refusal : undefined;
    if (!refusal) return undefined;
    const body = { requestId, refusal: wireRefusal(refusal) };
    return answerEngine(delivery, parts, { type: 'supply-refused', body });
  };
}

async function decide(delivery: Delivery, parts: HandlerParts, asked: Asked): Promise<PointOutcome> {
  const { cpId, requestId, driverId, origin, isExpired } = asked;
  const { clientId } = delivery;
  const request = { requestId, clientId, driverId, origin, supplyId: newTimeOrderedId(), isExpired };
  const outcome = await parts.requests.request(cpId, request, actorOf(delivery));
  if (!outcome.refusal) return outcome;
  const { refusal } = outcome;
  if (!outcome.wasKnown) refuse(delivery, parts, 'CP_UNKNOWN');
  if (outcome.supply === null) {
    const denied = { cpId, driverId: driverId ?? ANONYMOUS, code: refusal.code };
    parts.audit.record(charge.denied(actorOf(delivery), denied));
    parts.picture.showRefusal({
      requestId,
      cpId,
      ...(driverId !== null && { driverId }),
      origin,
      refusal: wireRefusal(refusal),
      atMs: parts.clock.nowMs(),
    });
  }
  return outcome;
}

type UnlessUnavailable = <T>(delivery: Delivery, work: () => Promise<T>) => Promise<T | 'UNAVAILABLE'>;

/**
 * A request is refused from memory while the database is away: it would be too late afterwards (protocol 4). Not so one
 * that an earlier try may have granted: it is tried again until the database says what came of it.
 */
function createUnlessUnavailable(): UnlessUnavailable {
  const maybeGranted = new WeakSet<Delivery['record']>();
  return async (delivery, work) => {
    try {
      const result = await work();
      if (isGranted(result)) maybeGranted.add(delivery.record);
      return result;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      if (error instanceof CommitUnknown) maybeGranted.add(delivery.record);
      if (maybeGranted.has(delivery.record)) throw error;
      return 'UNAVAILABLE';
    }
  };
}

function isGranted(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'supply' in result && result.supply !== null;
}
