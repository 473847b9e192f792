import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { prepareKafka } from '../local/kafka.ts';
import { launch, type Running } from '../local/launch.ts';
import { isTrueWithin, type Program } from '../local/os-process.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';

/** A broker that belongs to one test, which may kill it. Prepared, not started. */
export class OwnBroker {
  readonly address: string;
  readonly #folder: string;
  readonly #program: Program;
  #running: Running | undefined;

  constructor(parts: { address: string; folder: string; program: Program }) {
    this.address = parts.address;
    this.#folder = parts.folder;
    this.#program = parts.program;
  }

  static async prepare(): Promise<OwnBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'ev-own-broker-'));
    await chmod(folder, 0o711);
    const [port = 0, controllerPort = 0] = await freePorts(HOST, 2);
    const jarsFolder = join(PROJECT_FOLDER, 'var', 'kafka-jars');
    const say = (line: string) => process.stderr.write(`${line}\n`);
    const place = { folder, jarsFolder, host: HOST, port, controllerPort, env: process.env, say };
    return new OwnBroker({ address: `${HOST}:${port}`, folder, program: await prepareKafka(place) });
  }

  async start(): Promise<void> {
    this.#running = launch(this.#program, { logFile: join(this.#folder, 'kafka.log') });
    if (!(await isTrueWithin(60_000, this.#program.isReady))) throw new Error('the broker does not answer');
  }

  /** SIGKILL, as a power cut would. */
  async kill(): Promise<void> {
    if (!this.#running) return;
    process.kill(this.#running.pid, 'SIGKILL');
    await this.#running.ended;
    this.#running = undefined;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
