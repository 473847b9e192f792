import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Say, step } from './step.ts';

const run = promisify(execFile);
const POM = join(import.meta.dirname, 'kafka', 'pom.xml');
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Kafka's jars as a sorted class path: from KAFKA_HOME, from `folder`, or through Maven into `folder` (once). */
export async function findKafkaJars(options: { folder: string; env: NodeJS.ProcessEnv; say: Say }): Promise<string[]> {
  const home = options.env.KAFKA_HOME;
  if (home !== undefined && home !== '') return jarsIn(join(home, 'libs'), 'KAFKA_HOME');
  if (!existsSync(options.folder))
    await step(options.say, 'Fetching Kafka through Maven', () => fetchJars(options.folder));
  return jarsIn(options.folder, 'var/kafka-jars');
}

async function jarsIn(folder: string, origin: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const jars = names.filter((name) => name.endsWith('.jar')).sort();
  if (!jars.some((name) => name.startsWith('kafka_2.13-'))) {
    throw new Error(`${origin}: no Kafka jars in ${folder}. Remove the folder (or correct KAFKA_HOME) and start again`);
  }
  return jars.map((name) => join(folder, name));
}

// Into a folder beside it first: a broken download must not look like a whole one.
async function fetchJars(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await copyWithMaven(unfinished, ['-o']).catch(() => copyWithMaven(unfinished, []));
  await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(unfinished, { recursive: true, force: true });
  });
}

async function copyWithMaven(folder: string, flags: string[]): Promise<void> {
  const goal = [COPY_GOAL, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  try {
    await run('mvn', ['-B', '-q', ...flags, '-f', POM, ...goal], { maxBuffer: 16 * 1_048_576 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error(mavenHint(), { cause: error });
    const printed = (error as { stdout?: string }).stdout ?? '';
    throw new Error(`Maven could not fetch Kafka: ${printed.slice(0, 2_000)}`, { cause: error });
  }
}

function mavenHint(): string {
  const type = process.platform === 'darwin' ? 'brew install maven' : 'sudo apt-get install -y maven';
  return `Maven ('mvn') is not installed. Type: ${type} (or set KAFKA_HOME to an unpacked Kafka 4.1, or KAFKA_BROKERS to a running one)`;
}
