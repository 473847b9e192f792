import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JoinKind } from '../messages/join-api.ts';
import { doorUrl } from './addresses.ts';
import { initialise } from './admin-init.ts';
import { type ControlAnswer, type ControlRequest, openControl } from './control.ts';
import { renewHostLeaf } from './hosts/join-network.ts';
import { makeKafkaArchive } from './kafka.ts';
import { kafkaOptions, mayKafkaStart } from './kafka-plan.ts';
import { latestOnly } from './latest-only.ts';
import { followLogs } from './log-files.ts';
import { areRunningWithin, type ManagedView } from './managed-process.ts';
import { moveDataHere } from './moved-data.ts';
import { describeNetwork, writeNetworkFile } from './network-file.ts';
import { databaseGuests, type HostRole, holdsData, type NetworkPlan, networkFiles } from './network-plan.ts';
import { named, notReady } from './not-ready.ts';
import { stopPid } from './os-process.ts';
import { livingPostgres } from './postgres.ts';
import { isDatabaseOpen, openDatabaseToGuests, postgresOptions } from './postgres-plan.ts';
import { processTable } from './process-table.ts';
import { type Say, step } from './step.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { choosePostgresPort, requireFreePorts } from './taken-ports.ts';

const SERVICES_WITHIN_MS = 120_000;
const ALL_WITHIN_MS = 120_000;
const RENEW_EVERY_MS = 24 * 3_600_000;
const SERVICES = ['postgres', 'kafka'];
/** As what a computer of this role has joined. */
const KIND_OF: Readonly<Record<HostRole, JoinKind>> = {
  ...{ EVERYTHING: 'central', CENTRAL: 'central', REGISTRY: 'registry', POINTS: 'points', DRIVERS: 'drivers' },
};

/** Where a running network shows what happens. `onLine` undefined: nobody watches the processes' logs. */
export type NetworkScreen = {
  say: Say;
  sayFor: (name: string) => Say;
  onLine: ((name: string, line: string) => void) | undefined;
  /** Nobody waits any longer; these should run and do not yet. */
  onLate: (late: readonly ManagedView[]) => Promise<void>;
  /** The start is over. */
  onStarted: () => Promise<void>;
};

/** Runs the network until it is told to stop (signal or `ev down`); resolves when all has stopped. Throws if it cannot start. */
export async function runNetwork(asked: NetworkPlan, screen: NetworkScreen): Promise<void> {
  const files = networkFiles(asked);
  await mkdir(files.logs, { recursive: true });
  for (const folder of [files.secrets, files.run]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const stopping = stopOnSignals(screen.say);
  const plan = holdsData(asked) ? await withPostgresPort(asked, screen.say) : asked;
  const start: StartTimes = { startedAtMs: Date.now(), hasStarted: false, readyAfterMs: undefined };
  const plans = processTable(plan, screen.say);
  const write = latestOnly(() => {
    const views = supervisor.views();
    noteReady(start, views, screen.say);
    return writeNetworkFile(files.network, describeNetwork(plan, { views, ...start }));
  });
  const supervisor: Supervisor = createSupervisor({
    plans,
    logsFolder: files.logs,
    recordFile: files.records,
    sayFor: screen.sayFor,
    onChange: write.trigger,
  });
  stopping.onForce(supervisor.killAll);
  const control = await openControl(files.control, (request) => obey(request, supervisor, stopping));
  const logs = await followLogs({ folder: files.logs, names: plans.map((one) => one.name), onLine: screen.onLine });
  try {
    await supervisor.takeOver();
    await bringUp({ plan, supervisor, screen, signal: stopping.signal });
    const late = notReady(supervisor.views());
    if (late.length > 0) await screen.onLate(late);
    start.hasStarted = true;
    start.isLate = late.length > 0;
    write.trigger();
    await write.idle();
    await screen.onStarted();
    const keeping = keepUp({ plan, supervisor }, screen.say, stopping.signal);
    await stopping.requested;
    await keeping;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    if (stopping.isLeaving()) {
      screen.say('another supervisor takes over; the processes go on');
      await supervisor.leaveAll();
    } else {
      screen.say('stopping everything');
      await supervisor.stopAll();
    }
    logs.close();
    await control.close();
    Object.assign(start, { hasStarted: false, readyAfterMs: undefined });
    write.trigger();
    await write.idle();
  }
}

async function withPostgresPort(asked: NetworkPlan, say: Say): Promise<NetworkPlan> {
  return { ...asked, ports: { ...asked.ports, postgres: await choosePostgresPort(asked, process.env, say) } };
}

/** What is done while all runs: Kafka's class archive, once, and whatever of trust grows old (certificates, tokens), daily. */
async function keepUp(at: { plan: NetworkPlan; supervisor: Supervisor }, say: Say, signal: AbortSignal): Promise<void> {
  const { plan, supervisor } = at;
  const archiving =
    holdsData(plan) && plan.externalBrokers === undefined
      ? makeKafkaArchive(kafkaOptions(plan, say), signal)
      : undefined;
  while (!signal.aborted) {
    await sleep(RENEW_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) break;
    const isDatabaseDue = databaseGuests(plan).length > 0 && !isDatabaseOpen(plan);
    await renewTrust(plan, say, signal).catch((error: unknown) => say(`not renewed: ${error}`));
    await restartRenewed(supervisor, { name: 'kafka', isDue: !mayKafkaStart(plan), say });
    await restartRenewed(supervisor, { name: 'postgres', isDue: isDatabaseDue, say });
  }
  await archiving;
}

async function renewTrust(plan: NetworkPlan, say: Say, signal: AbortSignal): Promise<void> {
  if (holdsData(plan)) {
    await initialise(plan, say, signal);
    return openDatabaseToGuests(plan);
  }
  const { publicHost: wantedHost } = plan;
  const joining = {
    kind: KIND_OF[plan.role],
    apiUrl: doorUrl(plan),
    files: networkFiles(plan),
    wantedHost,
    say,
  } as const;
  // Without Central the present one serves on; it is asked for again tomorrow, long before its end.
  await renewHostLeaf(joining, Date.now()).catch((error: Error) =>
    say(`the certificate is not renewed: ${error.message}`),
  );
}

// They read their certificate at their start only: two seconds in sixty days, in which nothing is lost.
async function restartRenewed(
  supervisor: Supervisor,
  { name, isDue, say }: { name: string; isDue: boolean; say: Say },
): Promise<void> {
  if (!isDue || !supervisor.views().some((one) => one.name === name && one.state === 'RUNNING')) return;
  say(`the certificate of ${name} is renewed: it restarts`);
  await supervisor.stop(name);
  supervisor.start(name);
}

async function bringUp(at: {
  plan: NetworkPlan;
  supervisor: Supervisor;
  screen: NetworkScreen;
  signal: AbortSignal;
}): Promise<void> {
  const { plan, supervisor, screen, signal } = at;
  if (holdsData(plan)) await stopUnknownPostgres(plan, supervisor, screen.say);
  const isUp = (name: string): boolean =>
    supervisor.views().some((view) => view.name === name && view.state !== 'STOPPED');
  await requireFreePorts(plan, isUp);
  const names = supervisor.views().map((view) => view.name);
  const isEarly = (name: string) => name !== 'kafka' || mayKafkaStart(plan);
  const services = names.filter((name) => SERVICES.includes(name) && isEarly(name));
  for (const name of services) supervisor.start(name);
  if (names.includes('postgres'))
    await step(screen.say, 'Starting PostgreSQL', () => waitFor(supervisor, ['postgres'], signal));
  const wasOpen = isDatabaseOpen(plan);
  await step(screen.say, 'Preparing certificates and keys', () => renewTrust(plan, screen.say, signal));
  // Its certificate could not be there before the authority was: the first time it starts once more, with it.
  if (!wasOpen && databaseGuests(plan).length > 0) {
    await supervisor.stop('postgres');
    supervisor.start('postgres');
    await waitFor(supervisor, ['postgres'], signal);
  }
  await moveDataHere(plan, isUp, screen.say);
  // What a person has stopped, before or in the middle of this, is left so; without the services nothing works.
  const wanted = () => names.filter((name) => SERVICES.includes(name) || !supervisor.isStopped(name));
  for (const name of wanted()) supervisor.start(name);
  const late = () => notReady(wanted().map((name) => supervisor.find(name).view()));
  await step(
    screen.say,
    {
      title: 'Starting all processes',
      waitsFor: () => named(late()),
      ended: () => (late().length === 0 ? 'done' : 'not all of them run'),
    },
    () => waitForAll(supervisor, wanted, signal),
  );
}

// A server without a record of ours (its record was lost): stopped in order, so that ours can open the same data.
async function stopUnknownPostgres(plan: NetworkPlan, supervisor: Supervisor, say: Say): Promise<void> {
  if (plan.externalDatabaseUrl !== undefined || supervisor.find('postgres').view().state !== 'STOPPED') return;
  const living = await livingPostgres(postgresOptions(plan, say).dataFolder);
  if (living === undefined) return;
  say(`a PostgreSQL of an earlier run still holds the data (pid ${living.pid}): stopping it`);
  await stopPid(living.pid, { signal: 'SIGINT', withinMs: 20_000 });
}

async function waitFor(supervisor: Supervisor, names: readonly string[], signal: AbortSignal): Promise<void> {
  const processes = names.map((name) => supervisor.find(name));
  const isUp = await Promise.race([areRunningWithin(SERVICES_WITHIN_MS, () => processes), aborted(signal)]);
  if (!isUp) throw new Error(`${names.join(' and ')} did not start; see their logs under var/logs`);
}

async function waitForAll(supervisor: Supervisor, names: () => readonly string[], signal: AbortSignal): Promise<void> {
  const processes = () => names().map((name) => supervisor.find(name));
  await Promise.race([areRunningWithin(ALL_WITHIN_MS, processes), aborted(signal)]);
  signal.throwIfAborted();
}

async function aborted(signal: AbortSignal): Promise<boolean> {
  await sleep(2 * ALL_WITHIN_MS, undefined, { signal, ref: false }).catch(() => {});
  return false;
}

type StartTimes = {
  startedAtMs: number;
  /** Nobody waits for it any longer, whether all is ready or not. */
  hasStarted: boolean;
  /** Not all was ready by then. */
  isLate?: boolean;
  readyAfterMs: number | undefined;
};

/** The first moment after the start in which all of it runs; told if it was waited for in vain. */
function noteReady(start: StartTimes, views: readonly ManagedView[], say: Say): void {
  if (!start.hasStarted || start.readyAfterMs !== undefined || notReady(views).length > 0) return;
  start.readyAfterMs = Date.now() - start.startedAtMs;
  if (start.isLate) say(`all of it is ready now, after ${Math.round(start.readyAfterMs / 1_000)} s`);
}

/** What the control channel is asked, done. */
export async function obey(
  asked: ControlRequest,
  supervisor: Pick<Supervisor, 'views' | 'tookOver' | 'start' | 'stop'>,
  stopping: { stop(): void; leave(): void },
): Promise<ControlAnswer> {
  const name = asked.name ?? '';
  switch (asked.ask) {
    case 'STATUS':
      return { status: supervisor.views() };
    case 'START':
      await supervisor.tookOver();
      supervisor.start(name);
      return {};
    case 'STOP':
      await supervisor.tookOver();
      await supervisor.stop(name);
      return {};
    case 'DOWN':
      stopping.stop();
      return {};
    case 'LEAVE':
      stopping.leave();
      return {};
    default:
      return { error: `unknown request '${String(asked.ask)}'` };
  }
}

function stopOnSignals(say: Say) {
  const abort = new AbortController();
  let force = (): void => {};
  let isLeaving = false;
  const requested = new Promise<void>((resolve) =>
    abort.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const onSignal = (): void => {
    if (abort.signal.aborted) {
      say('killing everything at once');
      force();
    }
    abort.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const onForce = (action: () => void): void => {
    force = action;
  };
  const leave = (): void => {
    isLeaving = true;
    abort.abort();
  };
  return {
    ...{ signal: abort.signal, requested, stop: () => abort.abort(), leave, isLeaving: () => isLeaving, onForce },
  };
}
