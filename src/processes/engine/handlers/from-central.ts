import type { CentralToEngine } from '../../../messages/engine-central.ts';
import type { EngineCore } from '../engine-core.ts';
import { helloAnswered, pointUpdated } from './hello-answered.ts';
import { startSupply } from './start-supply.ts';
import { supplyClosed, supplyRefused } from './supply-closed.ts';
import { cancelSupply, stopSupply, supplyAuthorised } from './supply-orders.ts';

type Handlers = {
  readonly [K in keyof CentralToEngine]: (core: EngineCore, body: CentralToEngine[K], nowMs: number) => void;
};

/** Central's message to its handler, by the message's own name. */
export const fromCentral: Handlers = {
  'hello-answered': helloAnswered,
  'start-supply': startSupply,
  'supply-authorised': supplyAuthorised,
  'cancel-supply': cancelSupply,
  'stop-supply': stopSupply,
  'supply-closed': supplyClosed,
  'supply-refused': supplyRefused,
  'point-updated': pointUpdated,
};

/** Hands a checked message to its handler. */
export function handleFromCentral(core: EngineCore, message: { type: string; body: unknown }, nowMs: number): void {
  if (!Object.hasOwn(fromCentral, message.type)) return;
  // The channel has checked the body against the schema of its type.
  const handler = fromCentral[message.type as keyof CentralToEngine] as (
    core: EngineCore,
    body: unknown,
    nowMs: number,
  ) => void;
  handler(core, message.body, nowMs);
}
