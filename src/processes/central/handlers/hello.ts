import type { Delivery, HelloAnswer } from '../../../io/channels/central-contract.ts';
import type { CentralToDriver } from '../../../messages/driver-central.ts';
import type { EngineToCentral } from '../../../messages/engine-central.ts';
import { actorOf, type HandlerParts, refuse } from './handler-parts.ts';

const CHUNK = 500;

/** The point or the picture is not there now; the same hello may be answered later. */
export class HelloFault extends Error {
  readonly code: 'CP_UNKNOWN' | 'NOT_READY';
  readonly canRetry: boolean;

  constructor(code: HelloFault['code']) {
    super(code === 'NOT_READY' ? 'the points have not been read from the database yet' : 'no such charging point');
    this.name = 'HelloFault';
    this.code = code;
    this.canRetry = code === 'NOT_READY';
  }
}

/** The first message on a new channel: nothing critical before its answer. */
export function hello(delivery: Delivery, parts: HandlerParts): Promise<HelloAnswer> {
  return delivery.kind === 'point' ? helloOfPoint(delivery, parts) : helloOfDriver(delivery, parts);
}

async function helloOfPoint(delivery: Delivery, parts: HandlerParts): Promise<HelloAnswer> {
  const body = await parts.hellos.answer({
    cpId: delivery.subjectId,
    leaseId: delivery.leaseId,
    hello: delivery.envelope.body as EngineToCentral['hello'],
    actor: actorOf(delivery),
  });
  if (body) return { body };
  refuse(delivery, parts, 'CP_UNKNOWN');
  throw new HelloFault('CP_UNKNOWN');
}

/** Offsets first, then the points: what changes in between is in both, and both are levels. */
async function helloOfDriver({ leaseId }: Delivery, parts: HandlerParts): Promise<HelloAnswer> {
  const channels = parts.channels();
  const statusOffsets = await channels.statusOffsets();
  if (!parts.picture.isLoaded) throw new HelloFault('NOT_READY');
  const cards = parts.picture.cards();
  const body: CentralToDriver['hello-answered'] = { leaseId, statusOffsets, pointCount: cards.length };
  const afterwards = async () => {
    for (let from = 0; from === 0 || from < cards.length; from += CHUNK) {
      const points = cards.slice(from, from + CHUNK);
      const chunk: CentralToDriver['points-chunk'] = { points, isLast: from + CHUNK >= cards.length };
      await channels.sendToLease(leaseId, 'points-chunk', chunk);
    }
  };
  return { body, afterwards };
}
