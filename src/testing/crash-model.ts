import { derivePoint } from '../domain/charging-point.ts';
import type { EndedEngineSupply } from '../domain/engine-supply.ts';
import { DEFAULT_SUPPLY_POLICY, isOpen } from '../domain/supply.ts';
import type { TicketDraft } from '../domain/ticket.ts';
import { ACTIONS, CP_IDS, type ModelStep, type ModelWorld } from './crash-model-actions.ts';
import { ModelCentral } from './crash-model-central.ts';
import { createDice } from './crash-model-dice.ts';
import { openSupplyOf } from './crash-model-handlers.ts';
import { promise } from './crash-model-invariants.ts';
import { type Ledger, ModelPoint } from './crash-model-point.ts';
import type { ModelRules } from './crash-model-rules.ts';
import { createFakeTransport } from './crash-model-transport.ts';
import { createFakeClock } from './fake-clock.ts';

/** A whole run: the seed decides on crashes and on the transport's moods. */
export interface ModelStory {
  readonly seed: number;
  readonly monitorLoss: 'continue' | 'stop';
  readonly steps: readonly ModelStep[];
}

/** What a run came to. */
export interface ModelReport {
  readonly supplies: number;
  readonly charged: number;
  readonly estimated: number;
  readonly corrected: number;
  readonly energyWh: number;
}

const CALM_STEP_MS = 5_000;
const CALM_STEPS = 240;

/** Plays a story in a storm, then lets everything live and waits; throws BrokenPromise if one is broken. */
export function runCrashModel(story: ModelStory, rules: ModelRules): ModelReport {
  const world = createWorld(story, rules);
  world.clock.advance(10_000);
  world.transport.setStormy(true);
  world.clock.every(1_000, () => livelyPeople(world));
  for (const step of story.steps) {
    ACTIONS[step.action](world, step);
    world.clock.advance(step.pauseMs);
  }
  calm(world);
  return account(world);
}

function createWorld(story: ModelStory, rules: ModelRules): ModelWorld {
  const clock = createFakeClock();
  const dice = createDice(story.seed);
  const transport = createFakeTransport(clock, dice);
  const points: ModelPoint[] = [];
  const central = new ModelCentral({
    clock,
    dice,
    transport,
    rules,
    cpIds: CP_IDS,
    policy: { ...DEFAULT_SUPPLY_POLICY, monitorLoss: story.monitorLoss },
    deliver: ({ cpId, route, message }) => {
      const point = points[CP_IDS.indexOf(cpId)]!;
      if (route === 'CHANNEL') transport.send(() => point.receive(message));
      else transport.sendBySocket(() => point.relay(message));
    },
  });
  for (const cpId of CP_IDS) {
    points.push(
      new ModelPoint({
        cpId,
        clock,
        dice,
        transport,
        rules,
        monitorLoss: story.monitorLoss,
        toCentral: (record) => central.receive(record),
        isCentralAlive: () => central.isAlive(),
        heartbeat: (health) => central.heartbeat(cpId, health),
        onPlugged: (supplyId) => checkPlug(central, supplyId),
      }),
    );
  }
  return { clock, dice, transport, central, points, requestCount: 0 };
}

/** No stale start ever charges: Central has authorised it and has not heard of its end. */
function checkPlug(central: ModelCentral, supplyId: string): void {
  const supply = central.database().supplies.get(supplyId);
  const isAuthorised = supply !== undefined && supply.authorisedAtMs !== null;
  promise(isAuthorised && (isOpen(supply) || supply.isEstimated), 'no stale start charges', supply ?? supplyId);
}

/** Supervisors restart what died, drivers plug in what was authorised: most of the time, not at once. */
function livelyPeople({ central, dice, points, transport }: ModelWorld): void {
  if (!transport.isStormy()) return;
  if (dice.chance(0.12)) central.start();
  if (dice.chance(0.01)) transport.setCut(false);
  for (const point of points) {
    if (dice.chance(0.12)) point.start();
    if (dice.chance(0.05)) point.setMonitor(true);
    if (dice.chance(0.2)) point.act({ kind: 'plug' });
  }
}

/** Everything lives, people lift their holds and pull the plugs; the time is less than that of the 24 h timer. */
function calm(world: ModelWorld): void {
  const { central, clock } = world;
  world.transport.setStormy(false);
  world.transport.setCut(false);
  for (let step = 0; step < CALM_STEPS && !(step > 24 && isCalm(world)); step += 1) {
    central.start();
    for (const [index, point] of world.points.entries()) {
      const cpId = CP_IDS[index]!;
      point.start();
      point.setMonitor(true);
      point.act({ kind: 'set-faulty', isFaulty: false });
      point.act({ kind: 'set-local-hold', isLocalHold: false });
      point.act({ kind: 'unplug' });
      if (step < 24) continue;
      central.order(cpId, { kind: 'operator-resume' });
      central.setHold(cpId, 'WEATHER', false);
      central.renewKey(cpId);
    }
    clock.advance(CALM_STEP_MS);
  }
}

function isCalm({ central, points }: ModelWorld): boolean {
  const database = central.database();
  return CP_IDS.every((cpId, index) => {
    const state = points[index]!.state();
    const open = openSupplyOf(database, cpId);
    const derived = derivePoint(database.points.get(cpId)!.facts, open?.state ?? null);
    return derived.state === 'AVAILABLE' && state?.current === null && state.unacknowledged.length === 0;
  });
}

function account(world: ModelWorld): ModelReport {
  const { supplies, tickets } = world.central.database();
  promise(isCalm(world), 'in the end every point is free and everything acknowledged', {
    open: [...supplies.values()].filter(isOpen),
    points: CP_IDS.map((cpId) => world.central.database().points.get(cpId)?.facts),
    engines: world.points.map((point) => point.state()),
  });
  let engineWh = 0;
  let ticketWh = 0;
  for (const { ledger } of world.points) {
    const sums = accountPoint(world, ledger);
    engineWh += sums.engineWh;
    ticketWh += sums.ticketWh;
  }
  promise(engineWh === ticketWh, 'sum of ticket Wh = sum of engine Wh', { engineWh, ticketWh });
  return {
    supplies: supplies.size,
    charged: tickets.filter((ticket) => ticket.energyWh > 0 && !ticket.isCorrective).length,
    estimated: tickets.filter((ticket) => ticket.isEstimated).length,
    corrected: tickets.filter((ticket) => ticket.isCorrective).length,
    energyWh: engineWh,
  };
}

/** Every end in a journal that was not lost, against the last ticket of the supply. */
function accountPoint({ central }: ModelWorld, ledger: Ledger): { engineWh: number; ticketWh: number } {
  const { supplies, tickets } = central.database();
  const last = new Map(tickets.map((ticket) => [ticket.supplyId, ticket]));
  let engineWh = 0;
  let ticketWh = 0;
  for (const [supplyId, record] of ledger.ended) {
    if (ledger.lost.has(supplyId)) continue;
    const ticket = last.get(supplyId);
    engineWh += record.energyWh;
    ticketWh += ticket?.energyWh ?? 0;
    if (ticket === undefined) promise(supplies.get(supplyId)?.state === 'DENIED', 'what ended is ticketed', record);
    else promise(isWordOf(record, ticket), 'the engine has the last word', { record, ticket });
  }
  for (const supplyId of ledger.plugged) {
    const ticket = last.get(supplyId);
    const record = ledger.ended.get(supplyId);
    promise(ticket !== undefined, 'what was plugged in is ticketed', supplyId);
    promise(ledger.lost.has(supplyId) || record !== undefined, 'what was plugged in is in the journal', supplyId);
    // Its start reached nobody before the disk was lost: Central may take it for never plugged in.
    const isUnseen = supplies.get(supplyId)?.pluggedAtMs === null;
    const isExact = ticket?.energyWh === record?.energyWh;
    promise(isUnseen || isExact || ticket?.isEstimated === true, 'a guess says that it is one', ticket);
  }
  return { engineWh, ticketWh };
}

function isWordOf(record: EndedEngineSupply, ticket: TicketDraft): boolean {
  return !ticket.isEstimated && ticket.energyWh === record.energyWh && ticket.endReason === record.endReason;
}
