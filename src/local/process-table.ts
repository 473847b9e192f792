import { join } from 'node:path';
import { createHttpClient } from '../io/http/client.ts';
import { readIfThere } from '../io/private-files.ts';
import { inUrl, isLoopback } from '../io/sockets/ip-address.ts';
import { centralApiUrl, centralApiUrls, centralSockets, doorUrl, registryUrl } from './addresses.ts';
import { ensureEnrolmentToken } from './enrol-points.ts';
import { prepareKafka } from './kafka.ts';
import { brokersOf, kafkaLogin, kafkaOfCentral, kafkaOptions } from './kafka-plan.ts';
import type { ProcessPlan } from './managed-process.ts';
import {
  databaseGuests,
  holdsData,
  type NetworkFiles,
  type NetworkPlan,
  networkFiles,
  type PointPlan,
  reachable,
  runsCentral,
  runsRegistry,
  runsWeather,
} from './network-plan.ts';
import type { Program } from './os-process.ts';
import { preparePostgres } from './postgres.ts';
import { postgresOptions } from './postgres-plan.ts';
import { ensureSecret } from './secrets.ts';
import type { Say } from './step.ts';

const TIER = { services: 0, central: 1, beside: 2, clients: 3 } as const;
const NODE_STOPS_WITHIN_MS = 8_000;
const SERVICE_STOPS_WITHIN_MS = 20_000;

/** Heap limits in MB: small enough that the whole network stays below 2 GB, with room for what each really holds. */
const HEAP_MB = { central: 384, service: 128, point: 96, web: 96 } as const;

/**
 * Room for new objects, in MB (Node takes three times that at most). The small one keeps a quiet process small; whoever
 * holds thousands of messages at once would spend a quarter of its time moving what is young into the old heap.
 */
const USUAL_YOUNG_MB = 4;
const YOUNG_MB: Readonly<Record<string, number>> = { central: 32, fleet: 32 };

/** The first computer has moved, or this one has joined anew. What is renewed while it runs is not among them. */
const READ_AT_START = ['DATABASE_URL_FILE', 'EV_MASTER_KEY_FILE', 'KAFKA_PASSWORD_FILE'];

type NodeProcess = {
  name: string;
  tier: number;
  command: string;
  env: Record<string, string>;
  heapMb: number;
  /** Address of its HTTP server, which answers /readyz. */
  url: string;
  /** The same as others reach it, if that differs. */
  publicUrl?: string;
  beforeStart?: (signal: AbortSignal) => Promise<void>;
};

/** The process table of one computer: name, command, variables, health address, in the order of the summary. */
export function processTable(plan: NetworkPlan, say: Say): ProcessPlan[] {
  const table = tableParts(plan, say);
  return [...localServices(plan, say), ...table.map((row) => nodePlan(plan, row))];
}

/** True for `cp001-monitor` of CP001 and `drv001` of DRV001. */
export function isProcessOf(id: string, name: string): boolean {
  return name === id.toLowerCase() || name.startsWith(`${id.toLowerCase()}-`);
}

function localServices(plan: NetworkPlan, say: Say): ProcessPlan[] {
  const services: ProcessPlan[] = [];
  if (!holdsData(plan)) return services;
  const common = { tier: TIER.services, stopWithinMs: SERVICE_STOPS_WITHIN_MS };
  if (plan.externalDatabaseUrl === undefined) {
    const prepare = async (): Promise<Program> => (await preparePostgres(postgresOptions(plan, say))).program;
    services.push({ ...common, name: 'postgres', address: `127.0.0.1:${plan.ports.postgres}`, prepare });
  }
  if (plan.externalBrokers === undefined) {
    services.push({
      ...common,
      name: 'kafka',
      address: brokersOf(plan),
      prepare: () => prepareKafka(kafkaOptions(plan, say)),
    });
  }
  return services;
}

/** What a service needs to say in Registry's directory that it lives (S-REG-12); the token lies where Central runs. */
function directory(plan: NetworkPlan, files: NetworkFiles): Record<string, string> {
  if (!holdsData(plan)) return {};
  return { REGISTRY_URL: registryUrl(plan), SERVICES_TOKEN_FILE: files.servicesToken };
}

function tableParts(plan: NetworkPlan, say: Say): NodeProcess[] {
  const files = networkFiles(plan);
  return [
    ...(runsCentral(plan) ? [central(plan, files)] : []),
    ...(runsRegistry(plan) ? [registry(plan, files)] : []),
    ...(runsCentral(plan) ? [centralWeb(plan, files)] : []),
    ...(runsWeather(plan) ? weather(plan, files) : []),
    ...plan.points.flatMap((point) => pointProcesses({ plan, files, point, say })),
    ...plan.drivers.map(
      (driver): NodeProcess => ({
        name: driver.clientId.toLowerCase(),
        tier: TIER.clients,
        command: 'driver',
        heapMb: HEAP_MB.service,
        ...page(plan, driver.port),
        env: {
          ...pageTls(plan),
          KAFKA_BROKERS: brokersOf(plan),
          ...kafkaLogin(plan, 'driver'),
          DRIVER_CLIENT_ID: driver.clientId,
          DRIVER_PORT: String(driver.port),
          EV_ZONE: driver.zone,
          EV_DATA_DIR: files.driverData(driver.clientId),
          ...directory(plan, files),
        },
      }),
    ),
  ];
}

function central(plan: NetworkPlan, files: NetworkFiles): NodeProcess {
  return {
    name: 'central',
    tier: TIER.central,
    command: 'central',
    heapMb: HEAP_MB.central,
    url: centralApiUrl(plan),
    publicUrl: `https://${inUrl(plan.publicHost)}:${plan.ports.centralApi}`,
    env: {
      KAFKA_BROKERS: brokersOf(plan),
      ...kafkaOfCentral(plan),
      DATABASE_URL_FILE: files.centralDatabaseUrl,
      EV_MASTER_KEY_FILE: files.masterKey,
      CENTRAL_SOCKET_PORT: String(plan.ports.centralSockets),
      CENTRAL_API_PORT: String(plan.ports.centralApi),
      CENTRAL_REPLICA_NAME: replicaName(plan),
      CENTRAL_NAMES: furtherNames(plan, 'CENTRAL_NAMES'),
      ...forJoining(plan, files),
    },
  };
}

// By its address, so that it is the same after each start and another on each computer.
function replicaName(plan: NetworkPlan): string {
  return holdsData(plan) ? 'central-1' : `central-${plan.publicHost.replaceAll(':', '-')}`;
}

/** What Central hands to computers that join. */
function forJoining(plan: NetworkPlan, files: NetworkFiles): Record<string, string> {
  const told = plan.registryHost === undefined ? (plan.told?.registryUrl ?? '') : registryUrl(plan);
  const registry = { JOIN_REGISTRY_URL: told };
  if (databaseGuests(plan).length === 0) return registry;
  return {
    ...registry,
    JOIN_DATABASE_ADDRESS: `${inUrl(plan.publicHost)}:${plan.ports.postgres}`,
    JOIN_GUESTS: databaseGuests(plan)
      .map(({ service, host }) => `${service}@${host}`)
      .join(','),
    JOIN_REGISTRY_DATABASE_URL_FILE: files.registryDatabaseUrl,
  };
}

function registry(plan: NetworkPlan, files: NetworkFiles): NodeProcess {
  return {
    name: 'registry',
    tier: TIER.beside,
    command: 'registry',
    heapMb: HEAP_MB.service,
    url: `https://${inUrl(reachable(plan.host))}:${plan.ports.registry}`,
    publicUrl: `https://${inUrl(plan.publicHost)}:${plan.ports.registry}`,
    env: {
      EV_PUBLIC_HOSTS: furtherNames(plan, 'EV_PUBLIC_HOSTS'),
      DATABASE_URL_FILE: files.registryDatabaseUrl,
      EV_MASTER_KEY_FILE: files.masterKey,
      REGISTRY_PORT: String(plan.ports.registry),
    },
  };
}

function centralWeb(plan: NetworkPlan, files: NetworkFiles): NodeProcess {
  return {
    name: 'central-web',
    tier: TIER.beside,
    command: 'central-web',
    heapMb: HEAP_MB.web,
    ...page(plan, plan.ports.panel),
    env: {
      ...pageTls(plan),
      CENTRAL_API_URL: centralApiUrls(plan).join(','),
      CENTRAL_API_TOKEN_FILE: files.centralApiToken,
      REGISTRY_URL: registryUrl(plan),
      PANEL_PORT: String(plan.ports.panel),
      EV_DATA_DIR: join(plan.varFolder, 'central-web'),
    },
  };
}

/** EV_W, and the stand-in for OpenWeather when there is no key of the real one. */
function weather(plan: NetworkPlan, files: NetworkFiles): NodeProcess[] {
  const simulator: NodeProcess = {
    name: 'weather-sim',
    tier: TIER.beside,
    command: 'weather-sim',
    heapMb: HEAP_MB.web,
    url: `http://127.0.0.1:${plan.ports.weatherSim}`,
    env: { EV_HOST: '127.0.0.1', WEATHER_SIM_PORT: String(plan.ports.weatherSim), EV_DATA_DIR: files.weatherSimData },
  };
  const monitor: NodeProcess = {
    name: 'weather',
    tier: TIER.beside,
    command: 'weather',
    heapMb: HEAP_MB.web,
    // Nobody logs in at its page, which changes cities: on loopback it may, beyond it only shows.
    url: `http://127.0.0.1:${plan.ports.weather}`,
    env: {
      EV_HOST: '127.0.0.1',
      CENTRAL_API_URL: centralApiUrls(plan).join(','),
      CENTRAL_API_TOKEN_FILE: files.weatherToken,
      WEATHER_PORT: String(plan.ports.weather),
      ...(plan.isWeatherSimulated && {
        OPENWEATHER_URL: simulator.url,
        OPENWEATHER_API_KEY: process.env.OPENWEATHER_API_KEY || 'simulated',
      }),
    },
  };
  return plan.isWeatherSimulated ? [simulator, monitor] : [monitor];
}

function pointProcesses(at: { plan: NetworkPlan; files: NetworkFiles; point: PointPlan; say: Say }): NodeProcess[] {
  const { plan, files, point } = at;
  const { cpId, ports } = point;
  const name = cpId.toLowerCase();
  const pairing = files.pairingToken(cpId);
  const common = { tier: TIER.clients, heapMb: HEAP_MB.point };
  // Monitor and engine of one computer talk over loopback, wherever the point's page listens.
  const host = '127.0.0.1';
  const shared = { EV_HOST: host, EV_PAIRING_TOKEN_FILE: pairing, EV_DATA_DIR: files.pointData(cpId) };
  const monitor: NodeProcess = {
    ...common,
    name: `${name}-monitor`,
    command: 'monitor',
    url: `http://${host}:${ports.monitorApi}`,
    env: {
      ...shared,
      CP_ID: cpId,
      CENTRAL_SOCKETS: centralSockets(plan),
      REGISTRY_URL: registryUrl(plan),
      EV_ENROLMENT_TOKEN_FILE: files.enrolmentToken(cpId),
      MONITOR_PORT: String(ports.monitor),
      MONITOR_API_PORT: String(ports.monitorApi),
      ENGINE_ADDRESS: host,
    },
    beforeStart: async (signal) => {
      await ensureSecret(pairing);
      await ensureEnrolmentToken({ plan, point, apiUrl: doorUrl(plan), say: at.say, signal });
    },
  };
  const engine: NodeProcess = {
    ...common,
    name: `${name}-engine`,
    command: 'engine',
    url: `http://${host}:${ports.engineApi}`,
    env: {
      ...shared,
      KAFKA_BROKERS: brokersOf(plan),
      ...kafkaLogin(plan, 'point'),
      MONITOR_ADDRESS: `${host}:${ports.monitor}`,
      ENGINE_API_PORT: String(ports.engineApi),
    },
    beforeStart: () => ensureSecret(pairing),
  };
  const web: NodeProcess = {
    ...common,
    name: `${name}-web`,
    command: 'engine-web',
    ...page(plan, ports.page),
    env: {
      ...pageTls(plan),
      ENGINE_API_URL: engine.url,
      MONITOR_API_URL: monitor.url,
      ENGINE_WEB_PORT: String(ports.page),
      ...directory(plan, files),
    },
  };
  return [monitor, engine, web];
}

// Pages are plain HTTP on loopback only, and HTTPS anywhere else (protocol 1).
function page(plan: NetworkPlan, port: number): { url: string; publicUrl: string } {
  const scheme = isLoopback(plan.host) ? 'http' : 'https';
  return {
    url: `${scheme}://${inUrl(reachable(plan.host))}:${port}`,
    publicUrl: `${scheme}://${inUrl(plan.publicHost)}:${port}`,
  };
}

function pageTls(plan: NetworkPlan): Record<string, string> {
  if (isLoopback(plan.host)) return {};
  const { pageLeaf } = networkFiles(plan);
  return { TLS_CERT_FILE: pageLeaf, TLS_KEY_FILE: pageLeaf };
}

/** The names for a certificate that its service cannot find out by itself: the public one, and those of a variable. */
function furtherNames(plan: NetworkPlan, variable: string): string {
  return [plan.publicHost, process.env[variable]].filter(Boolean).join(',');
}

function nodePlan(plan: NetworkPlan, row: NodeProcess): ProcessPlan {
  return {
    name: row.name,
    tier: row.tier,
    address: row.publicUrl ?? row.url,
    stopWithinMs: NODE_STOPS_WITHIN_MS,
    prepare: async (signal) => {
      await row.beforeStart?.(signal);
      return nodeProgram(plan, row);
    },
  };
}

/** One of our own commands as a program under the pinned Node. */
export function nodeProgram(
  plan: NetworkPlan,
  row: { command: string; args?: string[]; env: Record<string, string>; heapMb: number; url?: string },
): Program {
  const files = networkFiles(plan);
  const flags = [
    `--max-old-space-size=${row.heapMb}`,
    `--max-semi-space-size=${YOUNG_MB[row.command] ?? USUAL_YOUNG_MB}`,
    '--disable-warning=ExperimentalWarning',
  ];
  const { url } = row;
  return {
    command: process.execPath,
    args: [...flags, join(plan.projectFolder, 'src', 'ev.ts'), row.command, ...(row.args ?? [])],
    env: {
      EV_HOST: plan.host,
      EV_AUDIT_DIR: files.audit,
      EV_CA_FILE: files.ca,
      // The given database's own URL is for the set-up alone; each service gets that of its role.
      DATABASE_URL: '',
      // Compiled code is kept: a dozen processes that start at once would otherwise each compile the same packages.
      NODE_COMPILE_CACHE: files.compileCache,
      ...row.env,
    },
    inheritsEnv: true,
    cwd: plan.projectFolder,
    stopSignal: 'SIGTERM',
    reads: READ_AT_START.map((name) => readIfThere(row.env[name] ?? '') ?? '').join('\n'),
    isReady: async () => url === undefined || isReady(url, files.ca),
  };
}

async function isReady(url: string, caFile: string): Promise<boolean> {
  const client = createHttpClient({ baseUrl: url, caFile, timeoutMs: 2_000 });
  const answer = await client.send('GET', '/readyz');
  return answer.status === 200;
}
