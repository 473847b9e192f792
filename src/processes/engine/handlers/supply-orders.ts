import type { CentralToEngine } from '../../../messages/engine-central.ts';
import type { EngineCore } from '../engine-core.ts';

/** The acceptance became a supply: from now on the plug counts. */
export function supplyAuthorised(core: EngineCore, { supplyId }: CentralToEngine['supply-authorised']): void {
  core.apply({ kind: 'supply-authorised', supplyId });
}

/** The request was denied after all, or taken back. */
export function cancelSupply(core: EngineCore, { supplyId }: CentralToEngine['cancel-supply']): void {
  core.apply({ kind: 'cancel-supply', supplyId });
}

/** By channel or relayed by the Monitor: the first to arrive counts. */
export function stopSupply(core: EngineCore, { supplyId, reason }: CentralToEngine['stop-supply']): void {
  core.apply({ kind: 'stop-supply', supplyId, reason });
}
