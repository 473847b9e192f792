import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createHttpClient } from '../src/io/http/client.ts';
import { centralApiUrl } from '../src/local/addresses.ts';
import { initialise } from '../src/local/admin-init.ts';
import { brokersOf, kafkaLogin } from '../src/local/kafka-plan.ts';
import { launch, type Running } from '../src/local/launch.ts';
import { type NetworkFiles, type NetworkPlan, networkFiles, planNetwork } from '../src/local/network-plan.ts';
import { isTrueWithin, type Program } from '../src/local/os-process.ts';
import { nodeProgram, processTable } from '../src/local/process-table.ts';
import { requireFreePorts } from '../src/local/taken-ports.ts';

const run = promisify(execFile);
export const PROJECT_FOLDER = resolve(import.meta.dirname, '..');
const READY_WITHIN_MS = 240_000;
const FLEET_API_PORT = 18_900;
const FLEET_HEAP_MB = 2_048;

/** A network of its own: Kafka, PostgreSQL, Central and Registry as `./run_all.sh` starts them, and a fleet. */
export class BenchNetwork {
  readonly plan: NetworkPlan;
  readonly files: NetworkFiles;
  readonly #running = new Map<string, Running>();
  readonly #nodeFlags: readonly string[];
  /** From the broker's start until it takes requests. */
  kafkaStartMs = 0;

  constructor(plan: NetworkPlan, nodeFlags: readonly string[]) {
    this.plan = plan;
    this.files = networkFiles(plan);
    this.#nodeFlags = nodeFlags;
  }

  /** Starts everything but the fleet. `nodeFlags` go to Central and the fleet, such as --cpu-prof. */
  static async start(asked: {
    portOffset: number;
    nodeFlags: readonly string[];
    isKafkaSecured: boolean;
  }): Promise<BenchNetwork> {
    const folder = await mkdtemp(join(tmpdir(), 'ev-bench-'));
    await chmod(folder, 0o711);
    const secured = { EV_KAFKA_SECURED: String(asked.isKafkaSecured) };
    const env = { ...secured, EV_PORT_OFFSET: String(asked.portOffset), EV_VAR_DIR: folder };
    const network = new BenchNetwork(
      planNetwork({ projectFolder: PROJECT_FOLDER, points: 0, drivers: 0, env }),
      asked.nodeFlags,
    );
    await mkdir(network.files.logs, { recursive: true });
    network.#stopOnSignals();
    try {
      await requireFreePorts(network.plan, () => false);
      await network.#startTable(['postgres']);
      await initialise(network.plan, say, AbortSignal.timeout(READY_WITHIN_MS));
      const beganMs = performance.now();
      await network.#startTable(['kafka']);
      network.kafkaStartMs = performance.now() - beganMs;
      await network.#startTable(['central', 'registry']);
    } catch (error) {
      await network.stop();
      throw error;
    }
    return network;
  }

  get brokers(): string {
    return brokersOf(this.plan);
  }

  get apiUrl(): string {
    return centralApiUrl(this.plan);
  }

  get fleetFolder(): string {
    return join(this.plan.varFolder, 'fleet');
  }

  /** Throws if it does not run. */
  pidOf(name: string): number {
    const pid = this.#running.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  }

  /** Starts the fleet; all of its points ask for a supply. Resolves before they are up. */
  async startFleet(points: number): Promise<void> {
    const token = await this.#enrolmentToken(points);
    const { ports, host } = this.plan;
    const program = nodeProgram(this.plan, {
      command: 'fleet',
      args: ['--cps', String(points)],
      heapMb: FLEET_HEAP_MB,
      env: {
        ...kafkaLogin(this.plan, 'point'),
        ...{ KAFKA_BROKERS: this.brokers, CENTRAL_SOCKETS: `${host}:${ports.centralSockets}` },
        ...{ REGISTRY_URL: `https://${host}:${ports.registry}`, EV_ENROLMENT_TOKEN: token },
        ...{ EV_DATA_DIR: this.fleetFolder, FLEET_API_PORT: String(this.#fleetPort) },
        // A battery that does not fill during the run: each reading then has an energy of its own.
        ...{ FLEET_CHARGING: String(points), FLEET_STARTS_PER_SECOND: '60', ENGINE_BATTERY_WH: '1000000' },
      },
    });
    this.#launch('fleet', this.#flagged(program));
  }

  /** `GET /api/state` of the fleet, undefined while it does not answer. */
  async fleetState(): Promise<Record<string, number> | undefined> {
    const client = createHttpClient({ baseUrl: `http://127.0.0.1:${this.#fleetPort}` });
    const answer = await client.send('GET', '/api/state').catch(() => undefined);
    return answer?.body as Record<string, number> | undefined;
  }

  async stopProcess(name: string): Promise<void> {
    await this.#running.get(name)?.stop({ withinMs: 30_000 });
    this.#running.delete(name);
  }

  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#interrupt);
    for (const name of ['fleet', 'registry', 'central', 'kafka', 'postgres']) await this.stopProcess(name);
    if (process.env.BENCH_KEEP === undefined) await rm(this.plan.varFolder, { recursive: true, force: true });
    else say(`kept: ${this.plan.varFolder}`);
  }

  get #fleetPort(): number {
    return FLEET_API_PORT + (this.plan.ports.centralApi - 8021);
  }

  #stopOnSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.#interrupt);
  }

  readonly #interrupt = (): void => void this.stop().then(() => process.exit(1));

  async #startTable(names: readonly string[]): Promise<void> {
    const rows = processTable(this.plan, say).filter((row) => names.includes(row.name));
    const programs = await Promise.all(rows.map((row) => row.prepare(AbortSignal.timeout(READY_WITHIN_MS))));
    for (const [index, row] of rows.entries()) {
      const program = programs[index]!;
      this.#launch(row.name, row.name === 'central' ? this.#flagged(program) : program);
    }
    const areReady = await isTrueWithin(READY_WITHIN_MS, async () => {
      const answers = await Promise.all(programs.map((program) => program.isReady().catch(() => false)));
      return answers.every(Boolean);
    });
    if (!areReady) throw new Error(`${names.join(' and ')} did not become ready; BENCH_KEEP=1 keeps their logs`);
  }

  #flagged(program: Program): Program {
    return { ...program, args: [...this.#nodeFlags, ...program.args], cwd: this.plan.varFolder };
  }

  #launch(name: string, program: Program): void {
    this.#running.set(name, launch(program, { logFile: join(this.files.logs, `${name}.log`) }));
  }

  async #enrolmentToken(uses: number): Promise<string> {
    const env = {
      ...process.env,
      ...{ DATABASE_ADMIN_URL_FILE: this.files.adminDatabaseUrl, EV_SECRETS_DIR: this.files.secrets },
      ...{ EV_MASTER_KEY_FILE: this.files.masterKey, EV_CA_FILE: this.files.ca, EV_AUDIT_DIR: this.files.audit },
    };
    const args = [join(PROJECT_FOLDER, 'src', 'ev.ts'), 'admin', 'enrol', '--uses', String(uses)];
    const { stdout } = await run(process.execPath, args, { env });
    return stdout.trim().split(' ').at(-1) ?? '';
  }
}

/** The first administrator's password, left by `ev admin init`. */
export async function firstAdminPassword(files: NetworkFiles): Promise<string> {
  return /password (\S+)/.exec(await readFile(files.firstAdmin, 'utf8'))?.[1] ?? '';
}

/** A line of progress. */
export function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
