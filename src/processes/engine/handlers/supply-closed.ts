import type { CentralToEngine } from '../../../messages/engine-central.ts';
import type { EngineCore } from '../engine-core.ts';

/** Central has the end on disk, with its ticket: the acknowledgement. */
export function supplyClosed(core: EngineCore, closing: CentralToEngine['supply-closed']): void {
  core.closed(closing);
  core.apply({ kind: 'supply-closed', supplyId: closing.supplyId });
}

/** The point's own request was refused by Central. */
export function supplyRefused(core: EngineCore, refused: CentralToEngine['supply-refused'], nowMs: number): void {
  core.request.refuse(refused.requestId, refused.refusal, nowMs);
}
