import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { exportLines, startTestServices, writeExportLines } from './test-services.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';

/**
 * `ev test-services [--folder F] [--kafka-port N] [--postgres-port N] [--exports-file F]`: Kafka and PostgreSQL for tests,
 * until SIGTERM. Prints the lines to source (and writes them to the file) once both answer.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string', default: join(PROJECT_FOLDER, 'var', 'test-services') },
      'kafka-port': { type: 'string' },
      'postgres-port': { type: 'string' },
      'exports-file': { type: 'string' },
    },
  });
  const [anyKafka = 0, controllerPort = 0, anyPostgres = 0] = await freePorts(HOST, 3);
  const services = await startTestServices({
    projectFolder: PROJECT_FOLDER,
    folder: resolve(values.folder),
    host: HOST,
    kafkaPort: Number(values['kafka-port'] ?? anyKafka),
    controllerPort,
    postgresPort: Number(values['postgres-port'] ?? anyPostgres),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  if (values['exports-file'] !== undefined) await writeExportLines(values['exports-file'], services);
  process.stdout.write(exportLines(services));
  const staysAlive = setInterval(() => {}, 60_000);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  clearInterval(staysAlive);
  await services.stop();
}
