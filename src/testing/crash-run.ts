import { BadArgument, readCommandLine, wholeNumber } from '../io/command-line.ts';
import { createDice } from './crash-model-dice.ts';
import type { Pair } from './crash-person.ts';
import { crashRound, type RoundResult, VICTIMS, type Victim } from './crash-round.ts';
import { energyDifferences, readJournals } from './engine-journals.ts';
import { allSupplies } from './network-database.ts';
import { type Network, startNetwork } from './network-processes.ts';
import { testSeed } from './seed.ts';

const USAGE = `ev crash [--seed N]

A whole network of its own; rounds of kill -9 at random moments until EV_SUPPLIES (1000) supplies have lived through one.
Ctrl-C ends it after the running round, with the figures so far.
EV_POINTS (20): points that charge at once. EV_VICTIMS: which parts, by commas (${VICTIMS.join(',')}).`;
const MOST = 1_000_000;
const MOST_SEED = 2 ** 32;

type Figures = {
  rounds: number;
  supplies: number;
  refused: number;
  estimated: number;
  recoveredMs: number[];
  ticketMs: number[];
};

/** `ev crash`: the long run by hand; prints its seed, each round, and figures per victim; exits with 1 if anything broke. */
export async function main(args: string[]): Promise<void> {
  const asked = askedFor(args);
  if (asked === undefined) return;
  const { wanted, points, victims } = asked;
  const seed = testSeed('ev crash', asked.seed);
  const beganMs = performance.now();
  const network = await startNetwork({ points, drivers: 1, env: { ENGINE_SPEED: '20' } });
  let isWhole = false;
  try {
    const pairs = await makePairs(network, points);
    print(`${points} points are ready after ${seconds(performance.now() - beganMs)} s`);
    const figures = await runRounds(network, { pairs, victims, wanted, seed });
    for (const line of await summary(network, figures)) print(line);
    isWhole = true;
  } catch (error) {
    print(`BROKEN (--seed=${seed}): ${error instanceof Error ? error.message : String(error)}`);
    print(
      `its data and logs stay in ${network.local.folder}; stop it with EV_VAR_DIR=${network.local.folder} ./ev down`,
    );
  }
  if (isWhole) await network.stop();
  print(`in ${seconds(performance.now() - beganMs)} s`);
  process.exit(isWhole ? 0 : 1);
}

function askedFor(args: string[]) {
  return readCommandLine(args, {
    usage: USAGE,
    options: { seed: { type: 'string' } },
    read: ({ values }) => ({
      seed:
        values.seed === undefined ? undefined : wholeNumber(values.seed, { name: '--seed', min: 0, max: MOST_SEED }),
      wanted: fromEnvironment('EV_SUPPLIES', 1_000),
      points: fromEnvironment('EV_POINTS', 20),
      victims: (process.env.EV_VICTIMS?.split(',') ?? [...VICTIMS]).map(victimOf),
    }),
  });
}

function fromEnvironment(variable: string, usual: number): number {
  return wholeNumber(process.env[variable] ?? String(usual), { name: variable, min: 1, max: MOST });
}

function victimOf(name: string): Victim {
  const victim = VICTIMS.find((one) => one === name);
  if (victim === undefined) throw new BadArgument(`EV_VICTIMS '${name}' must be of ${VICTIMS.join(',')}`);
  return victim;
}

async function makePairs(network: Network, points: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 1; index <= points; index += 1) {
    const cpId = `CP${String(index).padStart(3, '0')}`;
    await network.untilPoint(cpId, 'AVAILABLE', 120_000);
    // Registrations and logins are limited to 30 a minute and address.
    const driver = await patiently(() => network.newDriver(`DRIVER${index}`));
    pairs.push({ driver, point: network.point(cpId) });
  }
  return pairs;
}

async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { status?: number }).status !== 429) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }
}

async function runRounds(
  network: Network,
  run: { pairs: Pair[]; victims: Victim[]; wanted: number; seed: number },
): Promise<Map<Victim, Figures>> {
  const dice = createDice(run.seed);
  const figures = new Map<Victim, Figures>();
  let lived = 0;
  let isEnough = false;
  const stopSoon = (): void => {
    isEnough = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopSoon);
  for (let round = 1; lived < run.wanted && !isEnough; round += 1) {
    const victim = run.victims[(round - 1) % run.victims.length] as Victim;
    const result = await crashRound(network, { victim, pairs: run.pairs, dice, isAnywhere: true });
    add(figures, result);
    lived += result.livedThroughKill.length;
    const recovered = percentile(result.recoveredAfterMs, 0.5);
    print(
      `round ${round}: ${victim}, ${result.livedThroughKill.length} lived through it (${lived}), ` +
        `usable after ${seconds(recovered)} s (median)`,
    );
  }
  return figures;
}

function add(figures: Map<Victim, Figures>, result: RoundResult): void {
  const known = figures.get(result.victim) ?? {
    ...{ rounds: 0, supplies: 0, refused: 0, estimated: 0, recoveredMs: [], ticketMs: [] },
  };
  known.rounds += 1;
  known.supplies += result.livedThroughKill.length;
  known.refused += result.lived.filter((one) => one.refusal !== undefined).length;
  known.estimated += result.livedThroughKill.filter((one) => one.is_estimated).length;
  known.recoveredMs.push(...result.recoveredAfterMs);
  known.ticketMs.push(...result.lived.flatMap((one) => one.ticketAfterMs ?? []));
  figures.set(result.victim, known);
}

async function summary(network: Network, figures: Map<Victim, Figures>): Promise<string[]> {
  const supplies = await allSupplies(network.database);
  const journals = await readJournals(network.local.folder);
  const ended = supplies.filter((one) => one.state === 'ENDED');
  const deliveredWh = [...journals.values()].reduce((sum, one) => sum + (one.endedWh ?? 0), 0);
  const ticketedWh = ended.reduce((sum, one) => sum + (one.ticket_wh ?? 0), 0);
  const doubled = ended.filter((one) => one.tickets !== 1).length;
  const header = 'victim    rounds  supplies  refused  estimated  usable again s (median/p95)  ticket s (median/p95)';
  const rows = [...figures].map(([victim, one]) =>
    [
      victim.padEnd(9),
      String(one.rounds).padStart(6),
      String(one.supplies).padStart(9),
      String(one.refused).padStart(8),
      String(one.estimated).padStart(10),
      both(one.recoveredMs).padStart(28),
      both(one.ticketMs).padStart(22),
    ].join(' '),
  );
  return [
    ...['', header, ...rows, ''],
    `${supplies.length} requests, ${ended.length} tickets, ${doubled} supplies without exactly one`,
    `${deliveredWh} Wh delivered at the points, ${ticketedWh} Wh on tickets, ${deliveredWh - ticketedWh} Wh lost`,
    `${energyDifferences(supplies, journals).length} differences between journals and books`,
  ];
}

function both(ms: readonly number[]): string {
  return `${seconds(percentile(ms, 0.5))} / ${seconds(percentile(ms, 0.95))}`;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
