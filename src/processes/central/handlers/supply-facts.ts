import type { SupplyEvent } from '../../../domain/supply-decision.ts';
import type { Delivery } from '../../../io/channels/central-contract.ts';
import type { FactsEdge, PointOutcome } from '../parts.ts';
import { actorOf, type HandlerParts, refuse } from './handler-parts.ts';

/** A fact from an engine: the domain decides, everything is saved in one transaction; a repeat only re-acknowledges. */
export async function applyFact(
  delivery: Delivery,
  parts: HandlerParts,
  change: { event: SupplyEvent } | { edge: FactsEdge },
): Promise<PointOutcome> {
  const outcome = await parts.points.apply(delivery.subjectId, change, actorOf(delivery));
  if (!outcome.wasKnown) refuse(delivery, parts, 'CP_UNKNOWN');
  return outcome;
}
