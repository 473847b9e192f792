import { freePorts, isPortFree } from '../io/sockets/tcp-probe.ts';
import { databaseGuests, type NetworkPlan, type WantedPort, wantedPorts } from './network-plan.ts';
import { PORT_VARIABLES } from './ports.ts';
import { lastPostgresPort, livingPostgres } from './postgres.ts';
import { postgresOptions } from './postgres-plan.ts';
import type { Say } from './step.ts';

const LOOK_AT = 50;
const LOOPBACK = '127.0.0.1';

/** Ports are taken by somebody else; the message names each with the variable that moves it. */
export class PortsTaken extends Error {
  readonly code = 'PORTS_TAKEN';
}

/** Throws PortsTaken unless every port of the processes that do not run yet is free. */
export async function requireFreePorts(plan: NetworkPlan, isRunning: (name: string) => boolean): Promise<void> {
  const problems: string[] = [];
  const wanted = wantedPorts(plan).filter((one) => !isRunning(one.owner));
  for (const one of wanted) {
    if (!(await isPortFree(listenAddress(plan, one), one.port)))
      problems.push(`port ${one.port} for ${one.owner} is taken: set ${one.variable} to another`);
  }
  const doubled = wanted.filter((one, index) => wanted.findIndex((other) => other.port === one.port) !== index);
  problems.push(...doubled.map((one) => `port ${one.port} is planned twice: set ${one.variable} to another`));
  if (problems.length === 0) return;
  const where = plan.role === 'EVERYTHING' ? './run_all.sh' : 'on all computers of the network';
  const advice = `or move all ports at once: EV_PORT_OFFSET=${await freeOffsetHint()} ${where}`;
  throw new PortsTaken([...problems, advice].join('\n'));
}

/** Where the owner of a port listens: much of what is not for other computers stays on loopback wherever the pages are. */
export function listenAddress(plan: NetworkPlan, { owner, variable }: WantedPort): string {
  if (owner === 'kafka') return plan.isKafkaSecured && variable === PORT_VARIABLES.kafka ? plan.host : LOOPBACK;
  return /^weather|-monitor$|-engine$/.test(owner) ? LOOPBACK : plan.host;
}

async function freeOffsetHint(): Promise<number> {
  const [port = 0] = await freePorts(LOOPBACK, 1);
  return 1_000 + (port % 10) * 1_000;
}

/** PostgreSQL's port: that of the living server, the one asked for, else the first free one from the usual on. */
export async function choosePostgresPort(plan: NetworkPlan, env: NodeJS.ProcessEnv, say: Say): Promise<number> {
  if (plan.externalDatabaseUrl !== undefined) return plan.ports.postgres;
  const { dataFolder } = postgresOptions(plan, say);
  const living = await livingPostgres(dataFolder);
  if (living !== undefined) return living.port;
  const usual = plan.ports.postgres;
  const hasGuests = databaseGuests(plan).length > 0;
  const isAsked = Boolean(env[PORT_VARIABLES.postgres]);
  const last = hasGuests && !isAsked ? await lastPostgresPort(dataFolder) : undefined;
  // It would warn of an address that it cannot listen at, and serve only the other one. Everywhere is loopback too.
  const guestsAt = hasGuests && plan.host !== LOOPBACK ? plan.host : undefined;
  const isFree = async (port: number) =>
    (await isPortFree(LOOPBACK, port)) && (guestsAt === undefined || (await isPortFree(guestsAt, port)));
  for (const port of portsToTry(usual, last)) {
    if (await isFree(port)) {
      if (port !== usual) say(`port ${usual} is not used, PostgreSQL uses ${port} (POSTGRES_PORT moves it)`);
      return port;
    }
    if (isAsked) throw new PortsTaken(`port ${port} for postgres is taken: set ${PORT_VARIABLES.postgres} to another`);
    if (port === last)
      throw new PortsTaken(
        `port ${port} is taken, at which the computers of --registry and --second know this database: free it, or set ${PORT_VARIABLES.postgres} to another and let them join again`,
      );
  }
  throw new PortsTaken(`no free port for postgres from ${usual} on: set ${PORT_VARIABLES.postgres}`);
}

/** The port of the last time first: other computers have written it down. Pure. */
export function portsToTry(usual: number, last: number | undefined): number[] {
  const all = Array.from({ length: LOOK_AT }, (_, index) => usual + index);
  return last !== undefined && all.includes(last) ? [last, ...all.filter((port) => port !== last)] : all;
}
