import type { EngineToCentral } from '../../../messages/engine-central.ts';
import type { Handler } from './handler-parts.ts';
import { applyFact } from './supply-facts.ts';

/** The car is plugged in. */
export const supplyStarted: Handler = (delivery, parts) => {
  const { supply } = delivery.envelope.body as EngineToCentral['supply-started'];
  return applyFact(delivery, parts, { event: { kind: 'supply-started', record: supply } });
};
