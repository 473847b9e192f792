import { OPEN_SUPPLY_STATES } from '../../../domain/vocabulary.ts';
import type { CentralToEngine } from '../../../messages/engine-central.ts';
import type { EngineCore } from '../engine-core.ts';

/** Central's side of the greeting: what it has acknowledged, what it wants stopped, the point's holds and figures. */
export function helloAnswered(core: EngineCore, answer: CentralToEngine['hello-answered']): void {
  const { point, holds, openSupply, acknowledgedSupplyIds, policy } = answer;
  core.point = point;
  core.holds = holds;
  const state = OPEN_SUPPLY_STATES.find((known) => known === openSupply?.state);
  core.apply({
    kind: 'hello-answered',
    acknowledgedSupplyIds,
    openSupply: openSupply && state ? { ...openSupply, state } : null,
    policy,
  });
}

/** Price, place or holds of the point changed; a level. */
export function pointUpdated(core: EngineCore, { point, holds }: CentralToEngine['point-updated']): void {
  core.point = point;
  core.holds = holds;
}
