import type { EngineToCentral } from '../../../messages/engine-central.ts';
import type { Handler } from './handler-parts.ts';
import { applyFact } from './supply-facts.ts';

/** The engine's last word on a supply: ticket, wallet and acknowledgement in one transaction (D-06). */
export const supplyEnded: Handler = (delivery, parts) => {
  const { supply } = delivery.envelope.body as EngineToCentral['supply-ended'];
  if (delivery.keyState === 'REVOKED') parts.outbox.answerUnder(supply.supplyId, delivery.keyId);
  return applyFact(delivery, parts, { event: { kind: 'supply-ended', record: supply } });
};
