import { execFile, spawn } from 'node:child_process';
import { chownSync, createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, isTrueWithin } from '../../local/os-process.ts';
import type { ComputerNetwork } from './computer.ts';
import { enterWords, type Image } from './image.ts';
import { standIn } from './stand-ins.ts';
import type { ComposeConfig, ComposeService } from './tools.ts';

const run = promisify(execFile);
const HEALTHY_WITHIN_MS = 300_000;
const ONCE_TRIES = 20;
const IMAGE_OWNER = 1000;

/** What the computer of one compose file is made of. */
export type ComposeParts = {
  projectFolder: string;
  config: ComposeConfig;
  network: ComputerNetwork;
  image: Image;
  /** Volumes and logs. */
  folder: string;
};

type Running = { pid: number; ended: Promise<number>; hasEnded: boolean };

/** `docker compose up` of one file without an engine: each service's own command, variables, volumes and health check. */
export class ComposeRun {
  #parts: ComposeParts;
  readonly #running = new Map<string, Running>();
  readonly #started = new Map<string, Promise<void>>();

  constructor(parts: ComposeParts) {
    this.#parts = parts;
    mkdirSync(join(parts.folder, 'logs'), { recursive: true });
    parts.network.open(parts.config);
  }

  /** Starts all services of no profile, or of these, in the order that the files demand; resolves when all are healthy or done. */
  async up(profiles: readonly string[] = []): Promise<void> {
    const names = Object.entries(this.#parts.config.services)
      .filter(
        ([, { scale, profiles: own = [] }]) =>
          scale !== 0 && (own.length === 0 || own.some((one) => profiles.includes(one))),
      )
      .map(([name]) => name);
    await Promise.all(names.map((name) => this.#start(name)));
    await Promise.all(names.map((name) => this.#untilHealthy(name)));
  }

  /** `up` with other files or variables over what runs: what they change is made anew, and one-shot services run again. */
  async upAs(config: ComposeConfig, profiles: readonly string[] = []): Promise<void> {
    const { config: before, network } = this.#parts;
    const changed = Object.keys(before.services).filter(
      (name) => JSON.stringify(before.services[name]) !== JSON.stringify(config.services[name]),
    );
    await Promise.all(changed.map((name) => this.stop(name)));
    for (const name of Object.keys(before.services)) if (isOnce(before, name)) this.#started.delete(name);
    this.#parts = { ...this.#parts, config };
    network.open(config);
    await this.up(profiles);
  }

  /** `docker compose run --rm SERVICE ...`; returns what it printed. */
  async once(name: string, words: readonly string[]): Promise<string> {
    const service = this.#service(name);
    const { stdout } = await run('ip', this.#words(name, { ...service, command: [...words] }), {
      maxBuffer: 1_048_576,
    });
    return stdout;
  }

  /** `docker compose exec SERVICE ...`; returns what it printed. */
  async exec(name: string, words: readonly string[]): Promise<string> {
    const asked = { ...this.#service(name), entrypoint: [], command: [...words] };
    return (await run('ip', this.#words(name, asked))).stdout;
  }

  /** A command of this computer in the network of a service; returns what it printed. */
  async inNetwork(name: string, words: readonly string[]): Promise<string> {
    const { network, config } = this.#parts;
    return (await run('ip', ['netns', 'exec', network.namespaceOf(config, name).name, ...words])).stdout;
  }

  /** kill -9 of a service's process, which an engine then starts again (`restart: unless-stopped`). */
  async killAndRestart(name: string): Promise<void> {
    await this.stop(name, 'SIGKILL');
    await this.start(name);
  }

  /** `docker compose stop SERVICE`, or `kill`: it stays down. */
  async stop(name: string, signal = this.#service(name).stop_signal ?? 'SIGTERM'): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    this.#started.delete(name);
    if (running === undefined || running.hasEnded) return;
    process.kill(-running.pid, signal);
    await endedOrKilled(running.pid, running.ended);
  }

  /** `docker compose start SERVICE`. */
  async start(name: string): Promise<void> {
    await this.#start(name);
    await this.#untilHealthy(name);
  }

  /** True while a process of this service runs. */
  isRunning(name: string): boolean {
    return this.#running.get(name)?.hasEnded === false;
  }

  async down(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }

  /** A volume's folder on this computer. */
  volume(source: string): string {
    const folder = join(this.#parts.folder, 'volumes', source);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  #service(name: string): ComposeService {
    const service = this.#parts.config.services[name];
    if (!service) throw new Error(`there is no service ${name}`);
    return service;
  }

  #start(name: string): Promise<void> {
    const known = this.#started.get(name);
    if (known) return known;
    const starting = this.#startAfterOthers(name);
    this.#started.set(name, starting);
    return starting;
  }

  async #startAfterOthers(name: string): Promise<void> {
    const service = this.#service(name);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      await this.#start(other);
      if (condition === 'service_healthy') await this.#untilHealthy(other);
    }
    if (!isOnce(this.#parts.config, name)) return this.#launch(name);
    // `restart: on-failure`
    for (let tries = 1; ; tries += 1) {
      this.#launch(name);
      const code = await this.#running.get(name)?.ended;
      this.#running.delete(name);
      if (code === 0) return;
      if (tries >= ONCE_TRIES) throw new Error(`${name} ended with ${code}; see ${this.#log(name)}`);
      await isTrueWithin(1_000, () => false);
    }
  }

  #launch(name: string): void {
    const log = createWriteStream(this.#log(name), { flags: 'a' });
    const child = spawn('ip', this.#words(name, this.#service(name)), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const ended = new Promise<number>((resolve) => {
      child.once('error', () => resolve(127));
      child.once('close', (code) => resolve(code ?? 1));
    });
    const running: Running = { pid: child.pid ?? 0, ended, hasEnded: false };
    void ended.then(() => {
      running.hasEnded = true;
    });
    this.#running.set(name, running);
  }

  #words(name: string, service: ComposeService): string[] {
    const { projectFolder, config, network, image } = this.#parts;
    const namespace = network.namespaceOf(config, name);
    const volumes = (service.volumes ?? []).map(({ source, target, read_only: isFixed }) => {
      return { from: this.volume(source), to: target, isFixed: isFixed === true };
    });
    const inNamespace = ['netns', 'exec', namespace.name];
    const other = standIn(service, { projectFolder, volumes });
    if (other) return [...inNamespace, ...other];
    for (const { from } of volumes) this.#own(from);
    const how = {
      env: service.environment,
      isReadOnly: service.read_only === true,
      volumes: volumes.map(({ from, to, isFixed }) => `${from}:${to}${isFixed ? ':ro' : ''}`),
      command: [...(service.entrypoint ?? image.entrypoint), ...(service.command ?? image.command)],
    };
    return [...inNamespace, ...enterWords(projectFolder, image, how)];
  }

  /** A new volume takes the owner of the folder that it is mounted on, the image's. */
  #own(folder: string): void {
    chownSync(folder, IMAGE_OWNER, IMAGE_OWNER);
  }

  async #untilHealthy(name: string): Promise<void> {
    const { healthcheck, image } = this.#service(name);
    if (healthcheck?.disable === true || isOnce(this.#parts.config, name)) return;
    const words = image.startsWith('evcharging') ? this.#healthOfImage(name) : this.#healthOfService(name);
    const isHealthy = await isTrueWithin(HEALTHY_WITHIN_MS, async () => {
      const asked = await run('ip', words).catch(() => undefined);
      return asked !== undefined || this.#running.get(name)?.hasEnded === true;
    });
    if (!isHealthy || this.#running.get(name)?.hasEnded === true)
      throw new Error(`${name} is not healthy; see ${this.#log(name)}`);
  }

  #healthOfImage(name: string): string[] {
    const service = this.#service(name);
    return this.#words(name, { ...service, entrypoint: this.#parts.image.healthcheck, command: [] });
  }

  #healthOfService(name: string): string[] {
    const { config, network } = this.#parts;
    const [, ...words] = this.#service(name).healthcheck?.test ?? [];
    // PostgreSQL's binaries of npm have no pg_isready.
    const asked = words[0]?.endsWith('pg_isready') ? ['/bin/bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/5432'] : words;
    return ['netns', 'exec', network.namespaceOf(config, name).name, ...asked];
  }

  #log(name: string): string {
    return join(this.#parts.folder, 'logs', `${name}.log`);
  }
}

/** A service that is done when it ends well. */
function isOnce({ services }: ComposeConfig, name: string): boolean {
  return services[name]?.restart === 'on-failure';
}

async function endedOrKilled(pid: number, ended: Promise<number>): Promise<void> {
  const timer = setTimeout(() => isAlive(pid) && process.kill(-pid, 'SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}
