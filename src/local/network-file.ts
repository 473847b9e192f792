import { readFile } from 'node:fs/promises';
import { inUrl } from '../io/sockets/ip-address.ts';
import { centralApiUrl, registryUrl } from './addresses.ts';
import { publicBrokersOf } from './kafka-plan.ts';
import type { ManagedView } from './managed-process.ts';
import { type HostRole, holdsData, type NetworkPlan, networkFiles, runsCentral } from './network-plan.ts';
import { notReady } from './not-ready.ts';
import { writeAtomically } from './write-atomically.ts';

/** `var/network.json`: what scripts and tests need to find everything. It holds no secret. */
export type NetworkFile = {
  supervisorPid: number;
  role: HostRole;
  /** Its start is over. */
  hasStarted: boolean;
  /** And all of it runs, but for what a person has stopped. */
  isReady: boolean;
  startedAtMs: number;
  readyAfterMs: number | undefined;
  projectFolder: string;
  varFolder: string;
  caFile: string;
  panelUrl: string;
  centralApiUrl: string;
  centralSockets: string;
  registryUrl: string;
  weatherUrl: string;
  /** Absent: OpenWeather itself is asked. */
  weatherSimUrl?: string;
  kafkaBrokers: string;
  postgres: string;
  points: {
    cpId: string;
    zone: string;
    pageUrl: string;
    engineApiUrl: string;
    monitorApiUrl: string;
    monitorSocket: string;
  }[];
  drivers: { clientId: string; zone: string; url: string }[];
  processes: Pick<ManagedView, 'name' | 'pid' | 'state' | 'address' | 'restarts' | 'startedAtMs'>[];
};

/** The file's content at this moment. */
export function describeNetwork(
  plan: NetworkPlan,
  now: { views: readonly ManagedView[]; startedAtMs: number; readyAfterMs: number | undefined; hasStarted: boolean },
): NetworkFile {
  const files = networkFiles(plan);
  const address = (name: string): string => now.views.find((view) => view.name === name)?.address ?? '';
  return {
    supervisorPid: process.pid,
    role: plan.role,
    hasStarted: now.hasStarted,
    isReady: now.hasStarted && notReady(now.views).length === 0,
    startedAtMs: now.startedAtMs,
    readyAfterMs: now.readyAfterMs,
    projectFolder: plan.projectFolder,
    varFolder: plan.varFolder,
    caFile: files.ca,
    panelUrl: address('central-web'),
    centralApiUrl: address('central') || centralApiUrl(plan),
    centralSockets: `${inUrl(runsCentral(plan) ? plan.publicHost : (plan.centralHost ?? plan.publicHost))}:${plan.ports.centralSockets}`,
    registryUrl: address('registry') || (runsCentral(plan) ? registryUrl(plan) : ''),
    weatherUrl: address('weather'),
    ...(plan.isWeatherSimulated && { weatherSimUrl: address('weather-sim') }),
    kafkaBrokers: publicBrokersOf(plan),
    postgres: postgresOf(plan),
    points: plan.points.map(({ cpId, zone, ports }) => ({
      cpId,
      zone,
      pageUrl: address(`${cpId.toLowerCase()}-web`),
      engineApiUrl: address(`${cpId.toLowerCase()}-engine`),
      monitorApiUrl: address(`${cpId.toLowerCase()}-monitor`),
      monitorSocket: `127.0.0.1:${ports.monitor}`,
    })),
    drivers: plan.drivers.map(({ clientId, zone }) => ({ clientId, zone, url: address(clientId.toLowerCase()) })),
    processes: now.views.map(({ name, pid, state, address: where, restarts, startedAtMs }) => ({
      ...{ name, pid, state, address: where, restarts, startedAtMs },
    })),
  };
}

function postgresOf(plan: NetworkPlan): string {
  if (!holdsData(plan)) return '';
  return plan.externalDatabaseUrl === undefined ? `127.0.0.1:${plan.ports.postgres}` : 'DATABASE_URL';
}

/** Replaces the file; a reader never sees half of it. */
export function writeNetworkFile(path: string, content: NetworkFile): Promise<void> {
  return writeAtomically(path, `${JSON.stringify(content, undefined, 2)}\n`, 0o644);
}

/** The file as last written, undefined if there is none. */
export async function readNetworkFile(path: string): Promise<NetworkFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as NetworkFile);
}
