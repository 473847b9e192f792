import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandLine, wholeNumber } from '../src/io/command-line.ts';
import { createHttpClient } from '../src/io/http/client.ts';
import { isTrueWithin } from '../src/local/os-process.ts';
import { BenchNetwork, say } from './bench-network.ts';
import { type Settlement, settleAll } from './end-of-run.ts';
import { type PanelLatency, panelLatency, readFleetJournal } from './latency.ts';
import { loadAverage, type ProcessFigures, watchProcesses } from './process-figures.ts';
import { createRawTopics, type RawRecord } from './raw-kafka.ts';
import { table } from './statistics.ts';

const USAGE = `node bench/hot-path.ts [SIZES] [--seconds N] [--warm-up N] [--port-offset N] [--secured] [--profile]

Readings from the engines to the panel: CPU, memory, latency, and what is lost, for each number of points.
  SIZES          charging points, by commas (1000,3000)
  --seconds N    length of the steady window (25)
  --warm-up N    seconds between "all charge" and the window (15)
  --secured      each size again over a secured Kafka (TLS, SCRAM, ACLs)
  --profile      --cpu-prof of Central and fleet; with BENCH_KEEP=1 the folder is kept`;
const UP_WITHIN_MS = 1_800_000;
const RAW_WARM_UP_MS = 6_000;
/** A sealed reading as measured on the wire: its value without key and headers. */
const READING_BYTES = 330;
const OURS = ['fleet', 'central', 'kafka', 'postgres'] as const;

type Figures = Record<(typeof OURS)[number] | 'viewer', ProcessFigures>;
type RawFigures = Record<'producer' | 'consumer' | 'kafka', ProcessFigures>;
type Result = {
  points: number;
  isKafkaSecured: boolean;
  kafkaStartMs: number;
  upAfterMs: number;
  load: number;
  figures: Figures;
  loopP99Ms: number;
  latency: PanelLatency;
  settlement: Settlement;
  /** Beside the plain one only. */
  baseline?: { raw: RawFigures; rawLatency: RawRecord };
};
type Options = { seconds: number; warmUp: number; portOffset: number; isProfiled: boolean };

async function measure(points: number, isKafkaSecured: boolean, options: Options): Promise<Result> {
  const nodeFlags = options.isProfiled ? ['--cpu-prof'] : [];
  const network = await BenchNetwork.start({ portOffset: options.portOffset, nodeFlags, isKafkaSecured });
  try {
    const beganMs = performance.now();
    await network.startFleet(points);
    await untilAllCharge(network, points);
    const upAfterMs = performance.now() - beganMs;
    say(`${points} charge after ${(upAfterMs / 1_000).toFixed(0)} s`);
    const steady = await steadyWindow(network, options);
    say('stopping all supplies');
    const settlement = await settleAll(network);
    await network.stopProcess('fleet');
    await network.stopProcess('central');
    const { kafkaStartMs } = network;
    const result = { points, isKafkaSecured, kafkaStartMs, upAfterMs, settlement, ...steady };
    return isKafkaSecured ? result : { ...result, baseline: await rawBaseline(network, points, options.seconds) };
  } finally {
    await network.stop();
  }
}

async function untilAllCharge(network: BenchNetwork, points: number): Promise<void> {
  let saidAtMs = performance.now();
  const isUp = await isTrueWithin(UP_WITHIN_MS, async () => {
    await sleep(500);
    const state = await network.fleetState();
    if (performance.now() - saidAtMs > 10_000) {
      saidAtMs = performance.now();
      say(JSON.stringify(state));
    }
    return state?.charging === points;
  });
  if (!isUp) throw new Error(`the fleet did not come up: ${JSON.stringify(await network.fleetState())}`);
}

async function steadyWindow(network: BenchNetwork, { seconds, warmUp }: Options) {
  const { apiUrl, files, plan } = network;
  const output = join(plan.varFolder, 'viewer.json');
  const live = `${apiUrl.replace('https:', 'wss:')}/live?view=operator`;
  const viewer = child('viewer.ts', [live, files.ca, files.centralApiToken, output]);
  await sleep(warmUp * 1_000);
  await loopP99Ms(network);
  const fromMs = Date.now();
  const pids = Object.fromEntries(OURS.map((name) => [name, network.pidOf(name)]));
  const figures = (await watchProcesses({ ...pids, viewer: viewer.pid ?? 0 }, seconds)) as Figures;
  const toMs = Date.now();
  const load = loadAverage();
  const loop = await loopP99Ms(network);
  await sleep(2_000);
  await ended(viewer);
  const journal = await readFleetJournal(join(network.fleetFolder, 'journal'));
  return { figures, load, loopP99Ms: loop, latency: panelLatency(journal, output, { fromMs, toMs }) };
}

// The default metrics start anew at each reading, so this is the p99 since the last one.
async function loopP99Ms({ apiUrl, files }: BenchNetwork): Promise<number> {
  const answer = await createHttpClient({ baseUrl: apiUrl, caFile: files.ca }).send('GET', '/metrics');
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(String(answer.body))?.[1] ?? Number.NaN) * 1_000;
}

async function rawBaseline(network: BenchNetwork, perSecond: number, seconds: number) {
  const output = join(network.plan.varFolder, 'raw.json');
  await createRawTopics(network.brokers);
  const consumer = child('raw-kafka.ts', ['consume', network.brokers, output]);
  await sleep(2_000);
  const producer = child('raw-kafka.ts', ['produce', network.brokers, String(perSecond), String(READING_BYTES)]);
  await sleep(RAW_WARM_UP_MS);
  const raw = await watchProcesses(
    { producer: producer.pid ?? 0, consumer: consumer.pid ?? 0, kafka: network.pidOf('kafka') },
    seconds,
  );
  await ended(consumer);
  await ended(producer);
  return { raw, rawLatency: JSON.parse(readFileSync(output, 'utf8')) as RawRecord };
}

function child(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function ended(running: ChildProcess): Promise<void> {
  const exit = once(running, 'exit');
  running.kill('SIGTERM');
  await exit;
}

function report(results: readonly Result[]): string {
  const percent = (figures: ProcessFigures): string => figures.cpuPercent.toFixed(0);
  const usage = (figures: ProcessFigures): string => `${percent(figures)} % / ${figures.pssMb.toFixed(0)}`;
  const ms = (value: number): string => value.toFixed(0);
  const header = ['points', ...OURS, 'together', 'panel p50 / p99', 'loop p99', 'unseen', 'lost Wh', 'load'];
  const named = ({ points, isKafkaSecured }: Result): string => (isKafkaSecured ? `${points} secured` : String(points));
  const rows = results.map((result) => {
    const { figures, latency, loopP99Ms: loop, settlement, load } = result;
    return [
      ...[named(result), ...OURS.map((name) => usage(figures[name])), `${sum(OURS.map((name) => figures[name]))} %`],
      ...[`${ms(latency.p50Ms)} / ${ms(latency.p99Ms)} ms`, `${loop.toFixed(1)} ms`],
      ...[`${latency.unseen} of ${latency.unseen + latency.readings}`, String(settlement.lostWh), load.toFixed(1)],
    ];
  });
  const rawHeader = ['records/s', 'producer', 'consumer', 'kafka', 'together', 'p50 / p99', 'ours : raw CPU', 'viewer'];
  const rawRows = results.flatMap(({ points, baseline, figures }) => {
    if (baseline === undefined) return [];
    const { raw, rawLatency } = baseline;
    const all = sum([raw.producer, raw.consumer, raw.kafka]);
    const ratio = sum([figures.fleet, figures.central, figures.kafka]) / Math.max(1, all);
    const row = [
      ...[String(points), usage(raw.producer), usage(raw.consumer), usage(raw.kafka), `${all} %`],
      ...[`${ms(rawLatency.p50Ms)} / ${ms(rawLatency.p99Ms)} ms`, ratio.toFixed(1), usage(figures.viewer)],
    ];
    return [row];
  });
  const details = results.map((result) => {
    const { kafkaStartMs, upAfterMs } = result;
    const { tickets, supplies, energyWh, stopTookMs } = result.settlement;
    return (
      `${named(result)}: Kafka started in ${(kafkaStartMs / 1_000).toFixed(1)} s; all charge after ${ms(upAfterMs / 1_000)} s; stop of all to the last ticket ${(stopTookMs / 1_000).toFixed(1)} s; ` +
      `${tickets} tickets of ${supplies} supplies, ${energyWh} Wh`
    );
  });
  return [
    'CPU in % of a core / PSS in MB',
    table(header, rows),
    '',
    'Raw Kafka',
    table(rawHeader, rawRows),
    '',
    ...details,
  ].join('\n');
}

function sum(figures: readonly ProcessFigures[]): number {
  return Math.round(figures.reduce((total, one) => total + one.cpuPercent, 0));
}

async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2), {
    usage: USAGE,
    positionals: ['SIZES'],
    options: {
      seconds: { type: 'string', default: '25' },
      'warm-up': { type: 'string', default: '15' },
      'port-offset': { type: 'string', default: '21000' },
      secured: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
    read: ({ values, positionals: [sizes = '1000,3000'] }) => ({
      seconds: wholeNumber(values.seconds, { name: '--seconds', min: 1, max: 86_400 }),
      warmUp: wholeNumber(values['warm-up'], { name: '--warm-up', min: 0, max: 86_400 }),
      portOffset: wholeNumber(values['port-offset'], { name: '--port-offset', min: 0, max: 40_000 }),
      isProfiled: values.profile,
      isSecuredToo: values.secured,
      sizes: sizes.split(',').map((size) => wholeNumber(size, { name: 'SIZES', min: 1, max: 100_000 })),
    }),
  });
  if (asked === undefined) return;
  const { sizes, isSecuredToo, ...options } = asked;
  const results: Result[] = [];
  const runs = sizes.flatMap((points) => [
    [points, false] as const,
    ...(isSecuredToo ? [[points, true] as const] : []),
  ]);
  for (const [points, isKafkaSecured] of runs) {
    results.push(await measure(points, isKafkaSecured, options));
    // Whoever interrupts a later size keeps the earlier ones.
    process.stdout.write(`${report(results)}\n\n`);
  }
}

await main();
