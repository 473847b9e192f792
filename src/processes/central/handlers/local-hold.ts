import type { EngineToCentral } from '../../../messages/engine-central.ts';
import type { Handler } from './handler-parts.ts';
import { applyFact } from './supply-facts.ts';

/** The point's own switch, as a level of one boot. */
export const localHold: Handler = (delivery, parts) => {
  const { bootId, sequence, isHeld } = delivery.envelope.body as EngineToCentral['local-hold'];
  return applyFact(delivery, parts, { edge: { kind: 'local-hold', bootId, sequence, isHeld } });
};
