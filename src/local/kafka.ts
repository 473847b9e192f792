import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isBrokerAnswering, isSecuredBrokerAnswering } from '../io/channels/broker-probe.ts';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { findJava, type Java } from './java.ts';
import { findKafkaJars } from './kafka-jars.ts';
import {
  hostsOf,
  javaFlags,
  type KafkaPlace,
  log4jSettings,
  type SecuredListeners,
  serverProperties,
} from './kafka-settings.ts';
import { launch } from './launch.ts';
import { commandLineOf, isAlive, isTrueWithin, type Program, stopPid } from './os-process.ts';
import type { Say } from './step.ts';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 60_000;
const TRIAL = '.trial.';
const PID_FILE = 'trial.pid';

/** Where a broker lives: its folder (settings, data), the folder of the jars, its ports. */
export type KafkaOptions = {
  folder: string;
  jarsFolder: string;
  host: string;
  port: number;
  controllerPort: number;
  /** Undefined: plain, on loopback. */
  secured?: SecuredListeners & { ensureCertificate(): Promise<void> };
  env: NodeJS.ProcessEnv;
  say: Say;
};

type Installation = { java: Java; jars: string[]; archive: string };

/** Fetches what is missing, formats the data folder the first time, and returns the broker ready to be started. */
export async function prepareKafka(options: KafkaOptions): Promise<Program> {
  const installation = await install(options);
  await options.secured?.ensureCertificate();
  const place = { ...options, dataFolder: join(options.folder, 'data') };
  await writeSettings(options.folder, place);
  if (!existsSync(join(place.dataFolder, 'meta.properties'))) await format(installation, options.folder);
  return program(installation, options, { isMakingArchive: false });
}

async function install(options: KafkaOptions): Promise<Installation> {
  const java = await findJava(options.env);
  const jars = await findKafkaJars({ folder: options.jarsFolder, env: options.env, say: options.say });
  const name = `${basename(options.jarsFolder)}-java-${java.version}-${await placeOf(jars)}.jsa`;
  return { java, jars, archive: join(dirname(options.jarsFolder), name) };
}

// The archive names the jars by their whole paths: one of another place would be loaded for nothing.
async function placeOf(jars: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(jars.join(':')));
  return Buffer.from(digest).toString('hex').slice(0, 8);
}

/**
 * Makes the archive of Java classes by which a broker starts in half the time, once, by a trial run in a folder of its
 * own: to be called when there is time, that is after the start. Without it all works too, so a failure is only said.
 */
export async function makeKafkaArchive(options: KafkaOptions, signal: AbortSignal): Promise<void> {
  await endLeftTrials(options.jarsFolder);
  const installation = await install(options).catch(() => undefined);
  if (installation === undefined || existsSync(installation.archive)) return;
  const folder = `${options.jarsFolder}${TRIAL}${process.pid}`;
  const unfinished = `${installation.archive}.${process.pid}`;
  const [port = 0, controllerPort = 0] = await freePorts('127.0.0.1', 2);
  const trial = { ...options, folder, host: '127.0.0.1', port, controllerPort, secured: undefined };
  try {
    await writeSettings(folder, { ...trial, dataFolder: join(folder, 'data') });
    await format(installation, folder);
    await trialRun(program({ ...installation, archive: unfinished }, trial, { isMakingArchive: true }), folder, signal);
    if (!signal.aborted) await rename(unfinished, installation.archive);
  } catch (error) {
    options.say(`Kafka's class archive could not be made (it only starts slower): ${String(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(unfinished, { force: true });
  }
}

async function trialRun(making: Program, folder: string, signal: AbortSignal): Promise<void> {
  const running = launch(making, { logFile: join(folder, 'trial.log') });
  await writeFile(join(folder, PID_FILE), String(running.pid));
  await isTrueWithin(ANSWERS_WITHIN_MS, async () => signal.aborted || (await making.isReady()));
  await running.stop({ withinMs: signal.aborted ? 0 : 30_000 });
}

/** Ends the trial runs of supervisors that were killed meanwhile: nobody else knows of them, and each would run for ever. */
export async function endLeftTrials(jarsFolder: string): Promise<void> {
  const beginning = `${basename(jarsFolder)}${TRIAL}`;
  const names = await readdir(dirname(jarsFolder)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(beginning))) {
    if (isAlive(Number(name.slice(beginning.length)))) continue;
    const folder = join(dirname(jarsFolder), name);
    const pid = Number(await readFile(join(folder, PID_FILE), 'utf8').catch(() => '0'));
    if (pid > 0 && (await commandLineOf(pid)).includes(folder)) await stopPid(pid, { signal: 'SIGKILL', withinMs: 0 });
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeSettings(folder: string, place: KafkaPlace): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'server.properties'), serverProperties(place));
  await writeFile(join(folder, 'log4j2.xml'), log4jSettings());
  await writeFile(join(folder, 'hosts'), hostsOf(place) ?? '');
}

async function format(installation: Installation, folder: string): Promise<void> {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  const clusterId = bytes.toString('base64url').replace(/^-/, 'A');
  const args = [
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.xml')}`,
    ...['-cp', installation.jars.join(':'), 'kafka.tools.StorageTool', 'format'],
    ...['-t', clusterId, '-c', join(folder, 'server.properties'), '--ignore-formatted'],
  ];
  await run(installation.java.command, args);
}

function program(installation: Installation, options: KafkaOptions, how: { isMakingArchive: boolean }): Program {
  const flags = javaFlags({
    archive: installation.archive,
    log4jFile: join(options.folder, 'log4j2.xml'),
    hostsFile: hostsOf(options) === undefined ? undefined : join(options.folder, 'hosts'),
    isMakingArchive: how.isMakingArchive,
  });
  return {
    command: installation.java.command,
    args: [...flags, '-cp', installation.jars.join(':'), 'kafka.Kafka', join(options.folder, 'server.properties')],
    env: { PATH: options.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', KAFKA_PORT: String(options.port) },
    // One that runs on would go on advertising its old address.
    reads: settingsOf(options),
    cwd: options.folder,
    stopSignal: 'SIGTERM',
    isReady: () => isAnswering(options),
  };
}

function settingsOf(options: KafkaOptions): string {
  return `${serverProperties({ ...options, dataFolder: join(options.folder, 'data') })}${hostsOf(options) ?? ''}`;
}

async function isAnswering({ host, port, secured }: KafkaOptions): Promise<boolean> {
  if (!secured) return isBrokerAnswering(host, port);
  return isSecuredBrokerAnswering(secured.innerHost, secured.innerPort, await readFile(secured.authorityFile, 'utf8'));
}
