import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { readCommandLine, wholeNumber } from '../io/command-line.ts';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { exportLines, startTestServices, writeExportLines } from './test-services.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';

const USAGE = `ev test-services [--folder F] [--kafka-port N] [--postgres-port N] [--exports-file F]

Kafka and PostgreSQL for tests, until SIGTERM; prints the lines to source once both answer.
  --folder F         where their data is (var/test-services)
  --kafka-port N     port of Kafka (a free one)
  --postgres-port N  port of PostgreSQL (a free one)
  --exports-file F   writes the lines there, too`;

/** `ev test-services`. */
export async function main(args: string[]): Promise<void> {
  const asked = readCommandLine(args, {
    usage: USAGE,
    options: {
      folder: { type: 'string', default: join(PROJECT_FOLDER, 'var', 'test-services') },
      'kafka-port': { type: 'string' },
      'postgres-port': { type: 'string' },
      'exports-file': { type: 'string' },
    },
    read: ({ values }) => ({
      folder: resolve(values.folder),
      kafkaPort: portFrom('--kafka-port', values['kafka-port']),
      postgresPort: portFrom('--postgres-port', values['postgres-port']),
      exportsFile: values['exports-file'],
    }),
  });
  if (asked === undefined) return;
  const [anyKafka = 0, controllerPort = 0, anyPostgres = 0] = await freePorts(HOST, 3);
  const services = await startTestServices({
    projectFolder: PROJECT_FOLDER,
    folder: asked.folder,
    host: HOST,
    kafkaPort: asked.kafkaPort ?? anyKafka,
    controllerPort,
    postgresPort: asked.postgresPort ?? anyPostgres,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  if (asked.exportsFile !== undefined) await writeExportLines(asked.exportsFile, services);
  process.stdout.write(exportLines(services));
  const staysAlive = setInterval(() => {}, 60_000);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  clearInterval(staysAlive);
  await services.stop();
}

function portFrom(name: string, typed: string | undefined): number | undefined {
  return typed === undefined ? undefined : wholeNumber(typed, { name, min: 1, max: 65_535 });
}
