import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BROKER_SUBJECT } from '../io/channels/kafka-users.ts';
import type { CertificateAuthority } from '../io/crypto/certificate-authority.ts';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { type KafkaOptions, prepareKafka } from '../local/kafka.ts';
import { launch, type Running } from '../local/launch.ts';
import { isTrueWithin, type Program } from '../local/os-process.ts';
import { serverCertificateFiles, writeServerCertificate } from '../local/server-certificate.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';

/** A broker that belongs to one test, which may kill it. Prepared, not started. */
export class OwnBroker {
  /** `host:port` for clients: of a secured one the inner listener. */
  readonly address: string;
  /** A secured one's other two listeners. */
  readonly outerAddress: string;
  readonly controller: string;
  readonly #options: KafkaOptions;
  #program: Program;
  #running: Running | undefined;

  constructor(options: KafkaOptions, program: Program) {
    this.address = `${HOST}:${options.secured?.innerPort ?? options.port}`;
    this.outerAddress = `${HOST}:${options.port}`;
    this.controller = `${HOST}:${options.controllerPort}`;
    this.#options = options;
    this.#program = program;
  }

  static async prepare(): Promise<OwnBroker> {
    return OwnBroker.#prepareWith(await newPlace());
  }

  /** Secured under an authority; outside it calls itself `publicHost`. */
  static async prepareSecured(ca: CertificateAuthority, publicHost = HOST): Promise<OwnBroker> {
    const place = await newPlace();
    const [innerPort = 0] = await freePorts(HOST, 1);
    const { folder } = place;
    const secured = {
      ...{ publicHost, innerHost: HOST, innerListenHost: HOST, innerPort },
      ...serverCertificateFiles(folder),
      ensureCertificate: () =>
        writeServerCertificate(ca, { subject: BROKER_SUBJECT, folder, names: [HOST, publicHost] }),
    };
    return OwnBroker.#prepareWith({ ...place, secured });
  }

  static async #prepareWith(options: KafkaOptions): Promise<OwnBroker> {
    return new OwnBroker(options, await prepareKafka(options));
  }

  async start(): Promise<void> {
    this.#running = launch(this.#program, { logFile: join(this.#options.folder, 'kafka.log') });
    if (!(await isTrueWithin(60_000, this.#program.isReady))) throw new Error('the broker does not answer');
  }

  /** SIGKILL, as a power cut would. */
  async kill(): Promise<void> {
    if (!this.#running) return;
    process.kill(this.#running.pid, 'SIGKILL');
    await this.#running.ended;
    this.#running = undefined;
  }

  /** As if its disk had been lost: started again, it knows no topic, no user and no right. */
  async forget(): Promise<void> {
    await this.kill();
    await rm(join(this.#options.folder, 'data'), { recursive: true, force: true });
    this.#program = await prepareKafka(this.#options);
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#options.folder, { recursive: true, force: true });
  }
}

async function newPlace(): Promise<KafkaOptions> {
  const folder = await mkdtemp(join(tmpdir(), 'ev-own-broker-'));
  await chmod(folder, 0o711);
  const [port = 0, controllerPort = 0] = await freePorts(HOST, 2);
  const jarsFolder = join(PROJECT_FOLDER, 'var', 'kafka-jars');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  return { folder, jarsFolder, host: HOST, port, controllerPort, env: process.env, say };
}
