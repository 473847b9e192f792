import { bindsDriver } from '../domain/supply.ts';
import type { ModelCentral } from './crash-model-central.ts';
import type { Dice } from './crash-model-dice.ts';
import { openSupplyOf } from './crash-model-handlers.ts';
import type { Death, ModelPoint } from './crash-model-point.ts';
import type { FakeTransport } from './crash-model-transport.ts';
import type { FakeClock } from './fake-clock.ts';

/** All the parts of a run. */
export interface ModelWorld {
  readonly clock: FakeClock;
  readonly dice: Dice;
  readonly transport: FakeTransport;
  readonly central: ModelCentral;
  readonly points: readonly ModelPoint[];
  requestCount: number;
}

/** Where and by whom. */
export interface Actors {
  readonly point: 0 | 1;
  readonly driver: 0 | 1 | 2;
}

export const CP_IDS = ['CP1', 'CP2'];
const DRIVER_IDS = ['DRV1', 'DRV2', 'DRV3'];
const NEW_DISK_MS = 15_000;

type Action = (world: ModelWorld, who: Actors) => void;

/** What may happen in a story. */
export const ACTIONS = {
  request: (world, who) => request(world, who, { isNew: true, driverId: DRIVER_IDS[who.driver]! }),
  'request at point': (world, who) => request(world, who, { isNew: true, driverId: null }),
  'same request again': (world, who) => request(world, who, { isNew: false, driverId: DRIVER_IDS[who.driver]! }),
  plug: (world, who) => pointOf(world, who).act({ kind: 'plug' }),
  unplug: (world, who) => pointOf(world, who).act({ kind: 'unplug' }),
  'local stop': (world, who) => pointOf(world, who).act({ kind: 'local-stop' }),
  'local hold': (world, who) => pointOf(world, who).act({ kind: 'set-local-hold', isLocalHold: true }),
  'local release': (world, who) => pointOf(world, who).act({ kind: 'set-local-hold', isLocalHold: false }),
  fault: (world, who) => pointOf(world, who).act({ kind: 'set-faulty', isFaulty: true }),
  repair: (world, who) => pointOf(world, who).act({ kind: 'set-faulty', isFaulty: false }),
  'driver stop': driverStop,
  'operator stop': (world, who) => world.central.order(cpIdOf(who), { kind: 'operator-stop', when: 'NOW' }),
  'operator stop after supply': (world, who) =>
    world.central.order(cpIdOf(who), { kind: 'operator-stop', when: 'AFTER_SUPPLY' }),
  'operator resume': (world, who) => world.central.order(cpIdOf(who), { kind: 'operator-resume' }),
  'operator settle': settle,
  'weather alert': (world, who) => world.central.setHold(cpIdOf(who), 'WEATHER', true),
  'weather clear': (world, who) => world.central.setHold(cpIdOf(who), 'WEATHER', false),
  'revoke key': (world, who) => world.central.order(cpIdOf(who), { kind: 'key-revoked' }),
  'renew key': (world, who) => world.central.renewKey(cpIdOf(who)),
  'kill engine': (world, who) => kill(world, who, 'kill -9'),
  'cut power': (world, who) => kill(world, who, 'power cut'),
  'lose disk': (world, who) => kill(world, who, 'disk lost'),
  'start engine': (world, who) => pointOf(world, who).start(),
  'kill monitor': (world, who) => pointOf(world, who).setMonitor(false),
  'start monitor': (world, who) => pointOf(world, who).setMonitor(true),
  'cut channels': (world) => world.transport.setCut(true),
  'heal channels': (world) => world.transport.setCut(false),
  'kill central': (world) => world.central.kill(),
  'start central': (world) => world.central.start(),
} as const satisfies Record<string, Action>;

export type ModelAction = keyof typeof ACTIONS;

/** One line of a story: what, who and where, then the pause. */
export interface ModelStep extends Actors {
  readonly action: ModelAction;
  readonly pauseMs: number;
}

function pointOf(world: ModelWorld, who: Actors): ModelPoint {
  return world.points[who.point]!;
}

function cpIdOf(who: Actors): string {
  return CP_IDS[who.point]!;
}

/** A new disk takes its time: no order from before reaches the engine on it. */
function kill(world: ModelWorld, who: Actors, death: Death): void {
  pointOf(world, who).kill(death, death === 'disk lost' ? NEW_DISK_MS : 0);
}

function driverStop({ central, transport }: ModelWorld, who: Actors): void {
  const driverId = DRIVER_IDS[who.driver]!;
  const supplies = [...central.database().supplies.values()];
  const supply = supplies.find((each) => each.driverId === driverId && bindsDriver(each));
  if (supply === undefined) return;
  transport.send(() => central.receive({ from: 'driver-stop', driverId, supplyId: supply.supplyId }));
}

function settle({ central }: ModelWorld, who: Actors): void {
  const open = openSupplyOf(central.database(), cpIdOf(who));
  if (open !== null) central.order(cpIdOf(who), { kind: 'operator-settle', supplyId: open.supplyId });
}

function request(world: ModelWorld, who: Actors, press: { isNew: boolean; driverId: string | null }): void {
  if (press.isNew) world.requestCount += 1;
  const { driverId } = press;
  const sent = { requestId: `r${world.requestCount}`, driverId, sentAtMs: world.clock.nowMs() };
  world.transport.send(() => world.central.receive({ from: 'requester', cpId: cpIdOf(who), request: sent }));
}
