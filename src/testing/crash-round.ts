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

type Kill = { atMs: number; cpIds: readonly string[]; recoveredAfterMs: number | undefined };

const RECOVERED_WITHIN_MS = 120_000;
const SETTLED_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 50;
const SHORTEST_CHARGE_MS = 2_000;
const LONGEST_CHARGE_MS = 5_000;

/**
 * One round: every pair lives a supply at once; the victim gets kill -9 at a random moment, in mid-charge or (`isAnywhere`)
 * in any phase. Then everything must settle by itself. Throws with what is broken if it does not.
 */
export async function crashRound(
  network: Network,
  round: { victim: Victim; pairs: readonly Pair[]; dice: Dice; isAnywhere: boolean },
): Promise<RoundResult> {
  const { victim, pairs, dice, isAnywhere } = round;
  const kills: Kill[] = [];
  const beganAt = new Date();
  const killing: Promise<void>[] = [];
  const planKill = (name: string, cpIds: readonly string[], afterMs: number): void => {
    killing.push(wait(afterMs).then(() => kill({ network, pairs, kills, cpIds, name })));
  };
  const killShared = once((afterMs: number) =>
    planKill(
      sharedName(victim),
      pairs.map(({ point }) => point.cpId),
      afterMs,
    ),
  );
  const lives = pairs.map((pair) => {
    const { cpId } = pair.point;
    const chargeMs = dice.between(SHORTEST_CHARGE_MS, LONGEST_CHARGE_MS);
    const killAfterMs = dice.between(0, isAnywhere ? chargeMs + 1_000 : SHORTEST_CHARGE_MS);
    const strike = (): void => {
      if (victim === 'monitor' || victim === 'engine') planKill(`${cpId.toLowerCase()}-${victim}`, [cpId], killAfterMs);
      else killShared(killAfterMs);
    };
    if (isAnywhere) strike();
    return liveOneSupply(pair, { chargeMs, ...(isAnywhere ? {} : { onCharging: strike }) });
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

async function kill(at: {
  network: Network;
  pairs: readonly Pair[];
  kills: Kill[];
  cpIds: readonly string[];
  name: string;
}): Promise<void> {
  const { network, kills, cpIds, name } = at;
  const touched = at.pairs.filter(({ point }) => cpIds.includes(point.cpId));
  const entry: Kill = { atMs: Date.now(), cpIds, recoveredAfterMs: undefined };
  const pid = await network.local.pidOf(name);
  process.kill(pid, 'SIGKILL');
  kills.push(entry);
  await network.local.untilRunning(name, pid);
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
  entry.recoveredAfterMs = Date.now() - entry.atMs;
}

function isUsable(network: Network, { driver }: Pair, state: PanelPoint['state'] | undefined): boolean {
  const isPanelLive = network.picture.upstream('panel')?.isCentralReachable === true;
  return (state === 'AVAILABLE' || state === 'CHARGING') && isPanelLive && isLive(driver.live.upstream('me'));
}

function isLive(upstream: { isCentralReachable: boolean } | undefined): boolean {
  return upstream?.isCentralReachable === true;
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

function once<Argument>(work: (argument: Argument) => void): (argument: Argument) => void {
  let isDone = false;
  return (argument) => {
    if (isDone) return;
    isDone = true;
    work(argument);
  };
}
