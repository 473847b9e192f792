import type { CentralToEngine } from '../../../messages/engine-central.ts';
import type { EngineCore } from '../engine-core.ts';

/** Central asks: accepted and journaled, or declined with a code. The plug counts only after `supply-authorised`. */
export function startSupply(core: EngineCore, order: CentralToEngine['start-supply']): void {
  const { supplyId, requestId, driverId, origin, priceE4PerKwh, expiresAtMs } = order;
  core.apply({
    ...{ kind: 'start-supply', supplyId, requestId, origin, priceE4PerKwh },
    driverId: driverId ?? null,
    expiresAtMs: core.localMs(expiresAtMs),
  });
  // The person at the point gave up while Central was deciding.
  if (core.request.settle(requestId)) core.apply({ kind: 'local-stop' });
}
