import pg from 'pg';
import type { Log } from '../log.ts';

/** A statement: plain text, or with a name, then prepared once per connection (hot paths). */
export type Statement = string | { name: string; text: string };
/** Parameters of a statement. */
export type Values = readonly unknown[];

/** Something that runs statements: the pool, or one transaction. */
export type Queries = {
  /** All rows of a statement. Column names are as in SQL; bigint comes as a number, timestamptz as Date. */
  rows<Row>(statement: Statement, values?: Values): Promise<Row[]>;
  /** The first row, or undefined. */
  row<Row>(statement: Statement, values?: Values): Promise<Row | undefined>;
  /** How many rows a write touched. */
  run(statement: Statement, values?: Values): Promise<number>;
};

/** The one pool of a process (S-DB-11, F-60). */
export type Database = Queries & {
  /** Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it rejects. Never ask the pool inside. */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** Calls back for every NOTIFY on a channel, re-listening after a lost connection. */
  listen(channel: string, onNotice: (payload: string) => void): Promise<{ stop(): Promise<void> }>;
  /** True when a trivial statement answers in time. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
};

/** The database cannot be asked now; the same call may work later. */
export class DatabaseUnavailable extends Error {
  readonly code = 'DATABASE_UNAVAILABLE';
  readonly canRetry = true;
}

/** The database went away while it committed: whether it did is not known. */
export class CommitUnknown extends DatabaseUnavailable {}

/** SQLSTATE classes after which trying again is right: connection, resources, shutdown, serialisation, deadlock, lock. */
const RETRY_CLASSES = ['08', '53', '57', '40', '55'];
const NETWORK_CODES = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNABORTED'],
  // On another computer: its cable or ours.
  ...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ENETRESET'],
];

/** True when the fault is the database's absence, not the statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (NETWORK_CODES.includes(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code)) return RETRY_CLASSES.includes(code.slice(0, 2));
  return GONE.test(error.message);
}

const GONE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout/i;

/** No answer in time: the link may be cut, and the connection cannot be asked again, not even to roll back. */
function isWithoutAnswer(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailable ? error.cause : error;
  return cause instanceof Error && cause.message === 'Query read timeout';
}

/** An idle connection over a cut link is noticed after this and ten seconds; the kernel's own would be two hours. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 };
/** Longer than the server lets a statement run. */
const ANSWERS_WITHIN_MS = 20_000;
/** A server that takes the connection and says nothing, or a link that swallows the dial, would hold whoever waits for minutes. */
const CONNECTS_WITHIN_MS = 5_000;

/** The constraint that a write violated, if that is what happened (SQLSTATE 23xxx). */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('23')) return undefined;
  return 'constraint' in error ? String(error.constraint) : '';
}

const INT8_OID = 20;

function typeParsers(): pg.CustomTypesConfig {
  return {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => {
      if (oid === INT8_OID && format !== 'binary') return Number;
      return pg.types.getTypeParser(oid, format as 'text');
    },
  } as pg.CustomTypesConfig;
}

type Runner = { query(config: pg.QueryConfig): Promise<pg.QueryResult> };

function queriesOn(runner: Runner): Queries {
  const ask = async (statement: Statement, values: Values = []) => {
    const config = typeof statement === 'string' ? { text: statement } : statement;
    try {
      return await runner.query({ ...config, values: [...values] });
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw new DatabaseUnavailable('the database does not answer', { cause: error });
      throw error;
    }
  };
  return {
    rows: async <Row>(statement: Statement, values?: Values) => (await ask(statement, values)).rows as Row[],
    row: async <Row>(statement: Statement, values?: Values) =>
      (await ask(statement, values)).rows[0] as Row | undefined,
    run: async (statement, values) => (await ask(statement, values)).rowCount ?? 0,
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Queries) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw new DatabaseUnavailable('no connection to the database', { cause: error });
  }
  const tx = queriesOn(client);
  let broken: Error | undefined;
  // The server may end the connection between two statements (its time-out, kill -9): the pool listens for idle ones only.
  const onLost = (error: Error): void => {
    broken = error;
  };
  client.on('error', onLost);
  try {
    await tx.run('BEGIN');
    const result = await work(tx);
    await commit(tx);
    return result;
  } catch (error) {
    // A connection that cannot roll back is thrown away: never returned with an open transaction (F-61).
    if (isWithoutAnswer(error)) broken = error as Error;
    else
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
    throw error;
  } finally {
    client.off('error', onLost);
    client.release(broken);
  }
}

async function commit(tx: Queries): Promise<void> {
  try {
    await tx.run('COMMIT');
  } catch (error) {
    if (isDatabaseUnavailable(error))
      throw new CommitUnknown('the database went away while it committed', { cause: error });
    throw error;
  }
}

async function listenOn(
  at: { url: string; connectsWithinMs: number },
  channel: string,
  hooks: { onNotice: (payload: string) => void; log: Log },
) {
  let isStopped = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const dial = async (): Promise<void> => {
    if (isStopped) return;
    const dialled = new pg.Client({
      ...{ connectionString: at.url, connectionTimeoutMillis: at.connectsWithinMs },
      ...{ application_name: `listen ${channel}`, ...KEEP_ALIVE },
    });
    client = dialled;
    const again = () => {
      if (client !== dialled || isStopped) return;
      client = undefined;
      retry = setTimeout(() => void dial(), 500);
    };
    dialled.on('error', again);
    dialled.on('end', again);
    dialled.on('notification', (notice) => hooks.onNotice(notice.payload ?? ''));
    try {
      await dialled.connect();
      await dialled.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      hooks.log.warn({ err: error, channel }, 'cannot listen on the database yet');
      await dialled.end().catch(() => undefined);
      again();
    }
  };
  await dial();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}

/** Opens the pool; nothing is dialled before the first statement, so the database may come later (D-19). */
export function openDatabase(options: {
  url: string;
  log: Log;
  poolSize?: number;
  applicationName?: string;
  /** Without an answer for so long a statement fails as DatabaseUnavailable (20,000 ms): a cut link is told by nobody. */
  answersWithinMs?: number;
  /** A connection that is not there after so long counts as none (5,000 ms). */
  connectsWithinMs?: number;
}): Database {
  const { connectsWithinMs = CONNECTS_WITHIN_MS } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    application_name: options.applicationName ?? 'evcharging',
    connectionTimeoutMillis: connectsWithinMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
    query_timeout: options.answersWithinMs ?? ANSWERS_WITHIN_MS,
    ...KEEP_ALIVE,
    types: typeParsers(),
  });
  pool.on('error', (error) => options.log.warn({ err: error }, 'an idle database connection was lost'));
  return {
    ...queriesOn(pool),
    transaction: (work) => inTransaction(pool, work),
    listen: (channel, onNotice) =>
      listenOn({ url: options.url, connectsWithinMs }, channel, { onNotice, log: options.log }),
    isReachable: async () => {
      try {
        await pool.query('SELECT 1');
        return true;
      } catch {
        return false;
      }
    },
    close: () => pool.end(),
  };
}
