import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isDatabaseAnswering } from '../io/postgres/server-probe.ts';
import { commandLineOf, isAlive, type Program } from './os-process.ts';
import { type Account, postgresAccount } from './postgres-account.ts';
import { type PostgresFiles, postgresFiles } from './postgres-files.ts';
import { type Say, step } from './step.ts';
import { writeAtomically } from './write-atomically.ts';

const run = promisify(execFile);
const SUPERUSER = 'ev_admin';
const LOCALE = [
  '-E',
  'UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--lc-collate=C',
  '--lc-ctype=C',
];

/** Where a local PostgreSQL lives. `passwordFile` keeps the superuser's generated password (0600). */
export type PostgresOptions = {
  projectFolder: string;
  dataFolder: string;
  passwordFile: string;
  host: string;
  port: number;
  settings?: Readonly<Record<string, string>>;
  /** Other computers come in over TLS, by these rules (`pg_hba.conf`). The file holds key and certificates. */
  beyond?: { host: string; keyFile: string; accessRules: string };
  say: Say;
};

/** A server ready to be started, and its superuser's URL. */
export type PreparedPostgres = { program: Program; adminUrl: string };

/** Makes the cluster the first time, removes what a kill -9 left, and returns the server ready to be started. */
export async function preparePostgres(options: PostgresOptions): Promise<PreparedPostgres> {
  const account = await postgresAccount();
  const files = await postgresFiles({ ...options, account });
  const hasCluster = existsSync(join(files.dataFolder, 'PG_VERSION'));
  if (hasCluster && !existsSync(options.passwordFile)) {
    throw new Error(
      `${files.dataFolder} holds a database whose password (${options.passwordFile}) is gone: move one away or bring back the other`,
    );
  }
  const password = await keptPassword(options.passwordFile);
  if (!hasCluster) {
    await step(options.say, 'Making the database', () => makeCluster({ files, account, password }));
  }
  const living = await livingPostgres(files.dataFolder);
  if (living === undefined) await rm(join(files.dataFolder, 'postmaster.pid'), { force: true });
  const settings = options.beyond && (await openBeyond(options.beyond, { files, account }));
  return {
    program: program({ files, account, options, beyond: settings }),
    adminUrl: `postgres://${SUPERUSER}:${password}@${options.host}:${options.port}/postgres`,
  };
}

async function keptPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept.trim();
  const password = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}

// initdb writes beside the final place: a killed first start must not leave half a cluster that looks like one.
async function makeCluster(at: {
  files: PostgresFiles;
  account: Account | undefined;
  password: string;
}): Promise<void> {
  const { dataFolder, binFolder } = at.files;
  const leftOver = await readdir(dataFolder).catch(() => []);
  if (leftOver.length > 0)
    throw new Error(`${dataFolder} is not empty and holds no database: move it away, then start again`);
  const fresh = `${dataFolder}.fresh`;
  const passwordFile = `${dataFolder}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, at.password, { mode: 0o600 });
  if (at.account !== undefined) {
    await chown(fresh, at.account.uid, at.account.gid);
    await chown(passwordFile, at.account.uid, at.account.gid);
  }
  const args = ['-D', fresh, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, ...LOCALE];
  try {
    await run(join(binFolder, 'initdb'), args, {
      uid: at.account?.uid,
      gid: at.account?.gid,
      env: childEnv(),
      cwd: '/',
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rm(dataFolder, { recursive: true, force: true });
  await rename(fresh, dataFolder);
  await chmod(dataFolder, 0o700);
}

// The server refuses a key that is not its own account's, so it gets a copy.
async function openBeyond(
  { host, keyFile, accessRules }: NonNullable<PostgresOptions['beyond']>,
  { files, account }: { files: PostgresFiles; account: Account | undefined },
): Promise<Record<string, string>> {
  const [pem, rules] = ['server.pem', 'guests_hba.conf'].map((name) => join(files.dataFolder, name)) as [
    string,
    string,
  ];
  for (const [file, content] of [
    [pem, await readFile(keyFile, 'utf8')],
    [rules, accessRules],
  ] as const) {
    await writeAtomically(file, content, 0o600);
    if (account !== undefined) await chown(file, account.uid, account.gid);
  }
  return {
    // Everywhere is loopback too, which could not be listened to twice.
    listen_addresses: host === '0.0.0.0' ? host : [...new Set(['127.0.0.1', host])].join(','),
    ...tlsSettings(pem),
    hba_file: rules,
  };
}

/** With these PostgreSQL speaks TLS 1.3, by the key and the certificates of one file. */
export function tlsSettings(pem: string): Record<string, string> {
  return { ssl: 'on', ssl_cert_file: pem, ssl_key_file: pem, ssl_min_protocol_version: 'TLSv1.3' };
}

/** A server that still runs on this data folder: its id and port, from `postmaster.pid`. */
export async function livingPostgres(dataFolder: string): Promise<{ pid: number; port: number } | undefined> {
  const real = await realpath(dataFolder).catch(() => dataFolder);
  const lines = (await readFile(join(real, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  const commandLine = await commandLineOf(pid);
  const isOurs = commandLine.includes('postgres') && commandLine.includes(real);
  return isOurs ? { pid, port: Number(lines[3]) } : undefined;
}

/** The port of its last start, also after an ordered stop: PostgreSQL keeps its command line in `postmaster.opts`. */
export async function lastPostgresPort(dataFolder: string): Promise<number | undefined> {
  const commandLine = await readFile(join(dataFolder, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = /"port=(\d+)"/.exec(commandLine)?.[1];
  return port === undefined ? undefined : Number(port);
}

function program(at: {
  files: PostgresFiles;
  account: Account | undefined;
  options: PostgresOptions;
  beyond: Readonly<Record<string, string>> | undefined;
}): Program {
  const { host, port } = at.options;
  const settings: Record<string, string> = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    jit: 'off',
    // The tables are in memory: an index is worth its use from a handful of pages on.
    random_page_cost: '1.1',
    // Tables grow from nothing to thousands of rows in a minute: the planner must hear of it.
    autovacuum_naptime: '15s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...at.options.settings,
    ...at.beyond,
  };
  return {
    command: join(at.files.binFolder, 'postgres'),
    args: [
      '-D',
      at.files.dataFolder,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: childEnv(),
    cwd: '/',
    uid: at.account?.uid,
    gid: at.account?.gid,
    stopSignal: 'SIGINT',
    // One that runs on would never see new guests, nor shut out old ones.
    reads: at.options.beyond?.accessRules,
    isReady: () => isDatabaseAnswering(host, port),
  };
}

function childEnv(): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
