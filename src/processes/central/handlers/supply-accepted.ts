import type { EngineToCentral } from '../../../messages/engine-central.ts';
import type { Handler } from './handler-parts.ts';
import { applyFact } from './supply-facts.ts';

/** The engine keeps the point for this supply: PREPARING, and only now may the plug count. */
export const supplyAccepted: Handler = (delivery, parts) => {
  const { supplyId } = delivery.envelope.body as EngineToCentral['supply-accepted'];
  return applyFact(delivery, parts, { event: { kind: 'supply-accepted', supplyId } });
};
