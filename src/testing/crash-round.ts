import type { PanelPoint } from '../messages/live-stream.ts';
import type { Dice } from './crash-model-dice.ts';
import { type LivedSupply, liveOneSupply, type Pair } from './crash-person.ts';
import { energyDifferences, readJournals } from './engine-journals.ts';
import { allSupplies, brokenBooks, type SupplyRow } from './network-database.ts';
import type { Network } from './network-processes.ts';
import { untilAsked } from './until.ts';

/** What is killed in a round; of a point's parts, those of every point of the round. */
export const VICTIMS = ['monitor', 'engine', 'driver', 'central', 'kafka', 'postgres'] as const;
export type Victim = (typeof VICTIMS)[number];

export type RoundResult = {
  victim: Victim;
  lived: LivedSupply[];
  /** From each kill until its point (or, for what all share, every point) can be used and all pages hear Central. */
  recoveredAfterMs: number[];
  /** Supplies that were open when something was killed under them. */
  livedThroughKill: SupplyRow[];
};

type Kill = { atMs: number; pid: number; cpIds: readonly string[]; recoveredAfterMs: number | undefined };

const RECOVERED_WITHIN_MS = 120_000;
const SETTLED_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 50;
const SHORTEST_CHARGE_MS = 2_000;
const LONGEST_CHARGE_MS = 5_000;

/**
 * One round: every pair lives a supply at once; the victim gets kill -9 at a random moment, in mid-charge (what all share: of
 * all) or, `isAnywhere`, in any phase. Then everything must settle by itself. Throws with what is broken if it does not.
 */
export async function crashRound(
  network: Network,
  round: { victim: Victim; pairs: readonly Pair[]; dice: Dice; isAnywhere: boolean },
): Promise<RoundResult> {
  const { victim, pairs, dice, isAnywhere } = round;
  const kills: Kill[] = [];
  const beganAt = new Date();
  const killing: Promise<void>[] = [];
  /** Resolves when it is dead. */
  const planKill = (name: string, cpIds: readonly string[], afterMs: number): Promise<void> => {
    const dead = wait(afterMs).then(() => kill({ network, kills, cpIds, name }));
    killing.push(dead.then((death) => untilUsable(network, { death, pairs, name })));
    killing.at(-1)?.catch(() => undefined);
    return dead.then(() => undefined);
  };
  const cpIds = pairs.map(({ point }) => point.cpId);
  const killShared = once((afterMs: number) => planKill(sharedName(victim), cpIds, afterMs));
  const charging = gathering(pairs);
  const lives = pairs.map((pair) => {
    const { cpId } = pair.point;
    const chargeMs = dice.between(SHORTEST_CHARGE_MS, LONGEST_CHARGE_MS);
    const killAfterMs = dice.between(0, isAnywhere ? chargeMs + 1_000 : SHORTEST_CHARGE_MS);
    const isOwn = victim === 'monitor' || victim === 'engine';
    const strike = (): Promise<void> =>
      isOwn ? planKill(`${cpId.toLowerCase()}-${victim}`, [cpId], killAfterMs) : killShared(killAfterMs);
    if (isAnywhere) {
      strike().catch(() => undefined);
      return liveOneSupply(pair, { chargeMs });
    }
    const onCharging = async (): Promise<void> => {
      charging.here(pair);
      if (!isOwn) await charging.all;
      await strike();
    };
    // Who was refused is not waited for.
    return liveOneSupply(pair, { chargeMs, onCharging }).finally(() => charging.here(pair));
  });
  const lived = await Promise.all(lives);
  await Promise.all(killing);
  await untilAsked(
    `every point is free and every page whole after the death of ${victim}`,
    () => pairs.every((pair) => isWhole(network, pair)),
    SETTLED_WITHIN_MS,
  ).catch((error: Error) => {
    throw new Error(
      `${error.message}: ${pairs.filter((pair) => !isWhole(network, pair)).map((pair) => situation(network, pair))}`,
    );
  });
  await requireWholeBooks(network);
  const supplies = (await allSupplies(network.database)).filter((one) => one.requested_at >= beganAt);
  return {
    victim,
    lived,
    recoveredAfterMs: kills.map((one) => one.recoveredAfterMs ?? Number.POSITIVE_INFINITY),
    livedThroughKill: supplies.filter((one) => kills.some((death) => wasOpenAt(one, death))),
  };
}

function sharedName(victim: Victim): string {
  return victim === 'driver' ? 'drv001' : victim;
}

async function kill(at: { network: Network; kills: Kill[]; cpIds: readonly string[]; name: string }): Promise<Kill> {
  const { network, kills, cpIds, name } = at;
  const pid = await network.local.pidOf(name);
  const death: Kill = { atMs: Date.now(), pid, cpIds, recoveredAfterMs: undefined };
  process.kill(pid, 'SIGKILL');
  kills.push(death);
  return death;
}

async function untilUsable(
  network: Network,
  after: { death: Kill; pairs: readonly Pair[]; name: string },
): Promise<void> {
  const { death, name } = after;
  const touched = after.pairs.filter(({ point }) => death.cpIds.includes(point.cpId));
  await network.local.untilRunning(name, death.pid);
  await untilAsked(
    `all is usable after the death of ${name}`,
    async () => {
      const states = await network.freshStates();
      return touched.every((pair) => isUsable(network, pair, states?.get(pair.point.cpId)));
    },
    RECOVERED_WITHIN_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${touched.map((pair) => situation(network, pair))}`);
  });
  death.recoveredAfterMs = Date.now() - death.atMs;
}

function isUsable(network: Network, { driver }: Pair, state: PanelPoint['state'] | undefined): boolean {
  const isLive = network.picture.isLive('panel') && driver.live.isLive('me');
  return (state === 'AVAILABLE' || state === 'CHARGING') && isLive;
}

function isWhole(network: Network, pair: Pair): boolean {
  const me = pair.driver.me();
  const isFree = me !== undefined && me.openSupply === undefined && me.interruptedSupplies.length === 0;
  const state = network.pointState(pair.point.cpId);
  return isUsable(network, pair, state) && isFree && state === 'AVAILABLE';
}

function situation(network: Network, { driver, point }: Pair): string {
  const shown = network.picture.entity<PanelPoint>('panel', 'points', point.cpId);
  const me = driver.me();
  return JSON.stringify({
    ...{ cpId: point.cpId, state: shown?.state, phase: shown?.phase, reasons: shown?.reasons },
    ...{
      driverId: driver.driverId,
      open: me?.openSupply,
      interrupted: me?.interruptedSupplies,
      refusal: me?.lastRefusal,
    },
    ...{ panel: network.picture.upstream('panel'), page: driver.live.upstream('me') },
  });
}

/** Books and journals agree: one ticket an end, each Wh on a ticket, wallets add up, nothing waits. Throws what does not. */
export async function requireWholeBooks(network: Network): Promise<void> {
  let broken: string[] = [];
  const isWholeNow = async (): Promise<boolean> => {
    broken = await brokenBooks(network.database);
    if (broken.length > 0) return false;
    broken = energyDifferences(await allSupplies(network.database), await readJournals(network.local.folder));
    return broken.length === 0;
  };
  await untilAsked('the books are whole', isWholeNow, SETTLED_WITHIN_MS).catch((error: Error) => {
    throw new Error(`${error.message}:\n${broken.join('\n')}`);
  });
}

function wasOpenAt(supply: SupplyRow, { atMs, cpIds }: Kill): boolean {
  const endMs = (supply.closed_at ?? supply.ended_at)?.getTime() ?? Number.POSITIVE_INFINITY;
  return cpIds.includes(supply.cp_id) && supply.requested_at.getTime() <= atMs && atMs <= endMs;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, LOOK_EVERY_MS)));
}

function once<Argument>(work: (argument: Argument) => Promise<void>): (argument: Argument) => Promise<void> {
  let done: Promise<void> | undefined;
  return (argument) => {
    done ??= work(argument);
    return done;
  };
}

/** `all` resolves when each of them is here. */
function gathering<Member>(members: readonly Member[]): { all: Promise<void>; here(member: Member): void } {
  const awaited = new Set(members);
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    all: promise,
    here(member) {
      awaited.delete(member);
      if (awaited.size === 0) resolve();
    },
  };
}
