import type { EngineToCentral } from '../../../messages/engine-central.ts';
import type { Handler } from './handler-parts.ts';
import { applyFact } from './supply-facts.ts';

/** The engine says no to a start. */
export const supplyDeclined: Handler = (delivery, parts) => {
  const { supplyId, code } = delivery.envelope.body as EngineToCentral['supply-declined'];
  return applyFact(delivery, parts, { event: { kind: 'supply-declined', supplyId, code } });
};
