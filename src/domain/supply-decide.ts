import type { Refusal } from './refusal.ts';
import { isOpen, type OpenSupply, type Supply } from './supply.ts';
import { closeByEngine, closeEstimated } from './supply-close.ts';
import { deadlinePassed } from './supply-deadline.ts';
import type { DecisionTime, PointContext, SupplyDecision, SupplyEvent } from './supply-decision.ts';
import { acceptedByEngine, declinedByEngine, seenCharging, startedByEngine } from './supply-engine-facts.ts';
import { engineFailed, monitorLost, stopByDriver, stopByOrder } from './supply-orders.ts';
import { askAgain, unchanged } from './supply-transition.ts';

const HELD_BY_OPERATOR: Refusal = { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR'] };

/** Central's side of a supply: every row of protocol 4's table but the first. A repeat only re-acknowledges. */
export function decideSupply(context: PointContext, event: SupplyEvent, at: DecisionTime): SupplyDecision {
  const { supply } = context;
  if (supply !== null && supply.cpId !== context.cpId) return { supply, effects: [], anomaly: 'FOREIGN_SUPPLY' };
  switch (event.kind) {
    case 'supply-accepted':
      return acceptedByEngine(supply, event.supplyId, at);
    case 'supply-declined':
      return declinedByEngine(supply, event.code, at);
    case 'supply-started':
      return startedByEngine(supply, event.record, at);
    case 'meter-reading':
      return seenCharging(supply, event, at);
    case 'supply-ended':
      return closeByEngine(context, event.record, at);
    case 'engine-ko':
      return whenOpen(supply, (open) => engineFailed(open, at));
    case 'engine-ok':
    case 'monitor-connected':
      return whenOpen(supply, (open) =>
        open.state === 'INTERRUPTED' ? unchanged(open, ...askAgain(open, at)) : unchanged(open),
      );
    case 'monitor-lost':
      return whenOpen(supply, (open) => monitorLost(open, at));
    case 'driver-stop':
      return stopByDriver(supply, event.driverId, at);
    case 'operator-stop':
      return {
        ...(event.when === 'NOW' ? operatorStop(supply, HELD_BY_OPERATOR, at) : unchanged(supply)),
        hold: { add: 'OPERATOR' },
      };
    case 'operator-end':
      return operatorStop(supply, { code: 'CANCELLED' }, at);
    case 'operator-resume':
      return { supply, effects: [], hold: { remove: 'OPERATOR' } };
    case 'operator-settle':
      return whenOpen(supply, (open) =>
        open.state === 'INTERRUPTED' ? closeEstimated(open, context.snapshot, at) : unchanged(open),
      );
    case 'key-revoked':
      return { ...keyRevoked(supply, at), hold: { add: 'KEY_REVOKED' } };
    case 'deadline':
      return whenOpen(supply, (open) => deadlinePassed(context, open, at));
    default:
      return event satisfies never;
  }
}

function whenOpen(supply: Supply | null, decide: (open: OpenSupply) => SupplyDecision): SupplyDecision {
  return supply !== null && isOpen(supply) ? decide(supply) : unchanged(supply);
}

/** `refusal` is what the requester hears if the supply was only requested. */
function operatorStop(supply: Supply | null, refusal: Refusal, at: DecisionTime): SupplyDecision {
  return whenOpen(supply, (open) =>
    withoutRefusal(stopByOrder(open, { reason: 'OPERATOR_STOP', route: 'BOTH', refusal }, at)),
  );
}

/** Nothing may go by the channel any more: an acceptance is forgotten by itself after 10 s (D-12). */
function keyRevoked(supply: Supply | null, at: DecisionTime): SupplyDecision {
  return whenOpen(supply, (open) => {
    const stopped = withoutRefusal(
      stopByOrder(
        open,
        { reason: 'KEY_REVOKED', route: 'MONITOR', refusal: { code: 'CP_OUT_OF_SERVICE', reasons: ['KEY_REVOKED'] } },
        at,
      ),
    );
    return { ...stopped, effects: stopped.effects.filter((effect) => effect.kind !== 'send-cancel-supply') };
  });
}

/** The refusal is the driver's (he is told by `notify-requester`), not the operator's. */
function withoutRefusal(decision: SupplyDecision): SupplyDecision {
  return { supply: decision.supply, effects: decision.effects };
}
