import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { prepareKafka } from './kafka.ts';
import { launch, type Running } from './launch.ts';
import { isTrueWithin, type Program } from './os-process.ts';
import { livingPostgres, preparePostgres } from './postgres.ts';
import { fingerprintOf } from './process-record.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const WITHIN_MS = 60_000;

let folder: string;
const started: Running[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ev-survive-'));
  await chmod(folder, 0o711);
});
after(async () => {
  for (const one of started) await one.stop({ withinMs: 10_000 });
  await rm(folder, { recursive: true, force: true });
});

async function run(program: Program, name: string): Promise<Running> {
  const running = launch(program, { logFile: join(folder, `${name}.log`) });
  started.push(running);
  assert.ok(await isTrueWithin(WITHIN_MS, program.isReady), `${name} does not answer`);
  return running;
}

test('PostgreSQL keeps every committed row through kill -9 and starts again on the same folder', async () => {
  const [port = 0] = await freePorts('127.0.0.1', 1);
  const options = {
    projectFolder: PROJECT_FOLDER,
    dataFolder: join(folder, 'postgres'),
    passwordFile: join(folder, 'secrets', 'password'),
    host: '127.0.0.1',
    port,
    say: () => {},
  };
  const first = await preparePostgres(options);
  const running = await run(first.program, 'postgres');
  assert.equal((await livingPostgres(options.dataFolder))?.pid, running.pid);
  const client = new pg.Client({ connectionString: first.adminUrl });
  client.on('error', () => {});
  await client.connect();
  await client.query('CREATE TABLE kept (id int)');
  for (let id = 0; id < 50; id += 1) await client.query('INSERT INTO kept VALUES ($1)', [id]);
  process.kill(running.pid, 'SIGKILL');
  await running.ended;
  await client.end().catch(() => {});
  assert.equal(await livingPostgres(options.dataFolder), undefined);

  // The old server's children may hold the folder for a moment: the supervisor tries again, so does the test.
  const isBack = await isTrueWithin(WITHIN_MS, async () => {
    const again = launch((await preparePostgres(options)).program, { logFile: join(folder, 'postgres.log') });
    started.push(again);
    let hasEnded = false;
    void again.ended.then(() => {
      hasEnded = true;
    });
    return isTrueWithin(WITHIN_MS, async () => hasEnded || (await first.program.isReady())).then(() => !hasEnded);
  });
  assert.ok(isBack);
  const second = new pg.Client({ connectionString: first.adminUrl });
  await second.connect();
  assert.equal((await second.query('SELECT count(*)::int AS n FROM kept')).rows[0].n, 50);
  await second.end();
});

test('D-16: a PostgreSQL that runs on is not taken for one of other access rules, which it has not read', async () => {
  const keyFile = join(folder, 'key.pem');
  await writeFile(keyFile, 'key and certificates\n');
  const options = {
    ...{ projectFolder: PROJECT_FOLDER, dataFolder: join(folder, 'postgres') },
    ...{ passwordFile: join(folder, 'secrets', 'password'), host: '127.0.0.1', port: 1, say: () => {} },
  };
  const programFor = async (accessRules: string) =>
    fingerprintOf((await preparePostgres({ ...options, beyond: { host: '10.0.0.1', keyFile, accessRules } })).program);
  const first = await programFor('hostssl a b 10.0.0.2/32 scram-sha-256');
  assert.equal(await programFor('hostssl a b 10.0.0.2/32 scram-sha-256'), first);
  assert.notEqual(await programFor('hostssl a b 10.0.0.3/32 scram-sha-256'), first);
});

test("the superuser's password is generated, kept between runs and readable by its owner only", async () => {
  const file = join(folder, 'secrets', 'password');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder, 'secrets'))).mode & 0o777, 0o700);
});

test('Kafka answers metadata again after kill -9 on the same folder', async () => {
  const [port = 0, controllerPort = 0] = await freePorts('127.0.0.1', 2);
  const options = {
    folder: join(folder, 'kafka'),
    jarsFolder: join(PROJECT_FOLDER, 'var', 'kafka-jars'),
    host: '127.0.0.1',
    port,
    controllerPort,
    env: process.env,
    say: () => {},
  };
  const running = await run(await prepareKafka(options), 'kafka');
  process.kill(running.pid, 'SIGKILL');
  await running.ended;
  await run(await prepareKafka(options), 'kafka');
});

test('F-04: a broker that runs on is not taken for one that advertises another address', async () => {
  const secured = {
    ...{ innerHost: '127.0.0.1', innerListenHost: '127.0.0.1', innerPort: 3, keyFile: '/k', authorityFile: '/a' },
    ensureCertificate: async () => {},
  };
  const options = {
    ...{ folder: join(folder, 'advertising'), jarsFolder: join(PROJECT_FOLDER, 'var', 'kafka-jars') },
    ...{ host: '0.0.0.0', port: 1, controllerPort: 2, env: process.env, say: () => {} },
  };
  const programAt = async (publicHost: string) =>
    fingerprintOf(await prepareKafka({ ...options, secured: { ...secured, publicHost } }));
  const first = await programAt('10.0.0.1');
  assert.equal(await programAt('10.0.0.1'), first);
  assert.notEqual(await programAt('10.0.0.2'), first);
});
