import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareKafka } from './kafka.ts';
import { launch, type Running } from './launch.ts';
import { isTrueWithin, type Program } from './os-process.ts';
import { preparePostgres } from './postgres.ts';
import type { Say } from './step.ts';

const READY_WITHIN_MS = 60_000;

/** Kafka and PostgreSQL for tests, running. */
export type TestServices = { brokers: string; adminDatabaseUrl: string; stop: () => Promise<void> };

/** Where to run them. The database does not wait for the disk: these data die with the test. */
export type TestServicesPlace = {
  projectFolder: string;
  folder: string;
  host: string;
  kafkaPort: number;
  controllerPort: number;
  postgresPort: number;
  say: Say;
};

/** Starts Kafka and PostgreSQL as children of this process; resolves when both answer. */
export async function startTestServices(place: TestServicesPlace): Promise<TestServices> {
  await mkdir(place.folder, { recursive: true });
  const [kafka, postgres] = await Promise.all([prepareTestKafka(place), prepareTestPostgres(place)]);
  const running = [launchIn(place.folder, 'kafka', kafka), launchIn(place.folder, 'postgres', postgres.program)];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop({ withinMs: 10_000 })));
  };
  const areReady = await isTrueWithin(READY_WITHIN_MS, async () => {
    const answers = await Promise.all([kafka.isReady(), postgres.program.isReady()]);
    return answers.every(Boolean);
  });
  if (!areReady) {
    await stop();
    throw new Error(`the test services do not answer; see kafka.log and postgres.log in ${place.folder}`);
  }
  return { brokers: `${place.host}:${place.kafkaPort}`, adminDatabaseUrl: postgres.adminUrl, stop };
}

function prepareTestKafka(place: TestServicesPlace): Promise<Program> {
  return prepareKafka({
    folder: join(place.folder, 'kafka'),
    jarsFolder: join(place.projectFolder, 'var', 'kafka-jars'),
    host: place.host,
    port: place.kafkaPort,
    controllerPort: place.controllerPort,
    env: process.env,
    say: place.say,
  });
}

function prepareTestPostgres(place: TestServicesPlace): ReturnType<typeof preparePostgres> {
  return preparePostgres({
    projectFolder: place.projectFolder,
    dataFolder: join(place.folder, 'postgres'),
    passwordFile: join(place.folder, 'postgres-password'),
    host: place.host,
    port: place.postgresPort,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    say: place.say,
  });
}

function launchIn(folder: string, name: string, program: Program): Running {
  return launch(program, { logFile: join(folder, `${name}.log`) });
}

/** The two lines that a shell can source to share these services. */
export function exportLines(services: TestServices): string {
  return `export EV_TEST_KAFKA=${services.brokers}\nexport EV_TEST_DATABASE_URL=${services.adminDatabaseUrl}\n`;
}

/** Writes the export lines where only this user can read them. */
export async function writeExportLines(file: string, services: TestServices): Promise<void> {
  await writeFile(file, exportLines(services), { mode: 0o600 });
}
