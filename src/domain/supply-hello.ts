import type { EnginePosition } from './charging-point.ts';
import type { EngineHello } from './engine-journal.ts';
import { isOpen, type Supply } from './supply.ts';
import { decideSupply } from './supply-decide.ts';
import type { DecisionTime, PointContext, SupplyDecision } from './supply-decision.ts';
import { askAgain, unchanged } from './supply-transition.ts';

/** `supply` and `snapshot` are the point's open one's; `known` holds every supply that the hello names. */
export interface HelloContext extends PointContext {
  readonly known: ReadonlyMap<string, Supply>;
  /** From the facts row; what `HelloDecision.position` must be saved to. */
  readonly position: EnginePosition;
}

/** A `hello` under the point's newest lease (an older lease's is not to be processed). */
export interface ReceivedHello extends EngineHello {
  readonly bootId: string;
}

/** One decision a supply (save all, in order), and the ids that `hello-answered` may acknowledge at once. */
export interface HelloDecision {
  readonly decisions: readonly SupplyDecision[];
  /** The point's open supply after the decisions. */
  readonly openSupply: Supply | null;
  readonly acknowledgedSupplyIds: readonly string[];
  readonly hold: { readonly add: 'LOCAL' } | { readonly remove: 'LOCAL' } | null;
  readonly position: EnginePosition;
}

/**
 * Brings Central's picture and the engine's journal together (protocol 3, step 3; D-10). An open supply that the
 * hello does not name is asked about by id, never closed on the hello alone: the hello may be older than the start.
 */
export function reconcileHello(context: HelloContext, hello: ReceivedHello, at: DecisionTime): HelloDecision {
  const ended = hello.unacknowledged.map((record) =>
    decideSupply(named(context, record.supplyId), { kind: 'supply-ended', record }, at),
  );
  const open = hello.openSupply;
  const decisions = open === null ? ended : [...ended, decideRunning(context, open, at)];
  const names = new Set([...hello.unacknowledged, ...(open === null ? [] : [open])].map((record) => record.supplyId));
  const isUnnamed = context.supply !== null && isOpen(context.supply) && !names.has(context.supply.supplyId);
  const all =
    isUnnamed && context.supply
      ? [...decisions, unchanged(context.supply, ...askAgain(context.supply, at))]
      : decisions;
  // A repeated hello of the same boot must not undo a level that came after it.
  const isLate = context.position.engineBootId === hello.bootId && context.position.engineSequence > hello.sequence;
  return {
    decisions: all,
    openSupply: openAfter(context.supply, all),
    acknowledgedSupplyIds: hello.unacknowledged
      .map((record) => record.supplyId)
      .filter((_, index) => ended[index]?.anomaly === undefined),
    hold: isLate ? null : holdChange(context, hello),
    position: isLate ? context.position : { engineBootId: hello.bootId, engineSequence: hello.sequence },
  };
}

function decideRunning(
  context: HelloContext,
  record: NonNullable<EngineHello['openSupply']>,
  at: DecisionTime,
): SupplyDecision {
  const about = named(context, record.supplyId);
  return record.phase === 'CHARGING'
    ? decideSupply(about, { kind: 'supply-started', record }, at)
    : decideSupply(about, { kind: 'supply-accepted', supplyId: record.supplyId }, at);
}

function named(context: HelloContext, supplyId: string): PointContext {
  if (context.supply?.supplyId === supplyId) return context;
  return { ...context, supply: context.known.get(supplyId) ?? null, snapshot: null };
}

function openAfter(before: Supply | null, decisions: readonly SupplyDecision[]): Supply | null {
  const after = decisions.find(({ supply }) => supply?.supplyId === before?.supplyId)?.supply ?? before;
  return after !== null && isOpen(after) ? after : null;
}

function holdChange(context: HelloContext, hello: ReceivedHello): HelloDecision['hold'] {
  if (hello.isLocalHold === context.facts.holds.has('LOCAL')) return null;
  return hello.isLocalHold ? { add: 'LOCAL' } : { remove: 'LOCAL' };
}
