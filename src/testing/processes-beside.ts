import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createHttpClient } from '../io/http/client.ts';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { brokersOf } from '../local/kafka-plan.ts';
import { launch, type Running } from '../local/launch.ts';
import { type NetworkFiles, type NetworkPlan, networkFiles, planNetwork } from '../local/network-plan.ts';
import { nodeProgram } from '../local/process-table.ts';
import type { LocalNetwork } from './local-network.ts';
import { untilAsked } from './until.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';
const READY_WITHIN_MS = 240_000;
const HEAP_MB = 384;

/** Further processes beside a local network: a second Central with its panel, and a fleet; nobody restarts them. */
export type ProcessesBeside = {
  /** `host:port` for Monitors. */
  centralSockets: string;
  panelUrl: string;
  startCentral(): Promise<void>;
  /** kill -9 of the second Central; resolves when it is dead. */
  killCentral(): Promise<void>;
  /** Its panel, which knows both Centrals. */
  startPanel(): Promise<void>;
  /** As many points as said, which know these Centrals; they ask for charges until there are as many. */
  startFleet(fleet: { points: number; centralSockets: readonly string[] }): Promise<void>;
  /** `name value` of the second Central's /metrics. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
};

/** Prepares them; nothing runs yet. */
export async function processesBeside(local: LocalNetwork): Promise<ProcessesBeside> {
  const plan = planNetwork({ projectFolder: PROJECT_FOLDER, points: 1, drivers: 1, env: local.env });
  const files = networkFiles(plan);
  const [socketPort = 0, apiPort = 0, panelPort = 0, fleetPort = 0] = await freePorts(HOST, 4);
  const apiUrl = `https://${HOST}:${apiPort}`;
  const panelUrl = `http://${HOST}:${panelPort}`;
  const running = new Map<string, Running>();
  const start = async (name: string, program: { command: string; args?: string[]; env: Record<string, string> }) => {
    await mkdir(join(files.audit, 'central-2'), { recursive: true });
    const made = nodeProgram(plan, { ...program, heapMb: HEAP_MB });
    running.set(name, launch(made, { logFile: join(files.logs, `${name}.log`) }));
  };
  return {
    centralSockets: `${HOST}:${socketPort}`,
    panelUrl,
    async startCentral() {
      await start('central-2', { command: 'central', env: centralEnvironment(plan, files, { socketPort, apiPort }) });
      await untilReady(apiUrl, files);
    },
    async killCentral() {
      const central = running.get('central-2');
      if (!central) throw new Error('the second Central does not run');
      process.kill(central.pid, 'SIGKILL');
      await central.ended;
      running.delete('central-2');
    },
    async startPanel() {
      const env = {
        CENTRAL_API_URL: `${apiUrl},https://${HOST}:${plan.ports.centralApi}`,
        CENTRAL_API_TOKEN_FILE: files.centralApiToken,
        PANEL_PORT: String(panelPort),
        EV_DATA_DIR: join(plan.varFolder, 'central-web-2'),
      };
      await start('central-web-2', { command: 'central-web', env });
      await untilReady(panelUrl, files);
    },
    async startFleet({ points, centralSockets }) {
      const token = (await local.ev('admin', 'enrol', '--uses', String(points))).trim().split(' ').at(-1) ?? '';
      const env = {
        ...{ KAFKA_BROKERS: brokersOf(plan), CENTRAL_SOCKETS: centralSockets.join(',') },
        ...{ REGISTRY_URL: `https://${HOST}:${plan.ports.registry}`, EV_ENROLMENT_TOKEN: token },
        ...{ EV_DATA_DIR: join(plan.varFolder, 'points', 'fleet'), FLEET_API_PORT: String(fleetPort) },
        ...{ FLEET_CHARGING: String(points), ENGINE_BATTERY_WH: '1000000', ENGINE_SPEED: '20' },
      };
      await start('fleet', { command: 'fleet', args: ['--cps', String(points)], env });
    },
    async metric(name) {
      const answer = await createHttpClient({ baseUrl: apiUrl, caFile: files.ca }).send('GET', '/metrics');
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(String(answer.body))?.[1] ?? Number.NaN);
    },
    async stop() {
      for (const one of [...running.values()].reverse()) await one.stop({ withinMs: 30_000 });
    },
  };
}

function centralEnvironment(plan: NetworkPlan, files: NetworkFiles, ports: { socketPort: number; apiPort: number }) {
  return {
    KAFKA_BROKERS: brokersOf(plan),
    DATABASE_URL_FILE: files.centralDatabaseUrl,
    EV_MASTER_KEY_FILE: files.masterKey,
    CENTRAL_SOCKET_PORT: String(ports.socketPort),
    CENTRAL_API_PORT: String(ports.apiPort),
    CENTRAL_REPLICA_NAME: 'central-2',
    // An audit file has one writer.
    EV_AUDIT_DIR: join(files.audit, 'central-2'),
  };
}

async function untilReady(baseUrl: string, files: NetworkFiles): Promise<void> {
  const isReady = async () => {
    const client = createHttpClient({ baseUrl, caFile: files.ca, timeoutMs: 2_000 });
    return (await client.send('GET', '/readyz').catch(() => undefined))?.status === 200;
  };
  await untilAsked(`${baseUrl} is ready`, isReady, READY_WITHIN_MS);
}
