import type { Queries } from './database.ts';

/** What a dump begins with: the shape that its rows need. */
export type DumpShape = {
  /** Names of the migrations that had run, in order. */
  migrations: string[];
  /** First days (UTC) of the months that `audit_log` has partitions for. */
  auditMonths: string[];
  /** Where each sequence stands. */
  sequences: Record<string, number>;
};

/** One step of a dump's rows, in an order in which every reference finds its row. `row` is JSON as PostgreSQL writes it. */
export type DumpStep = { table: string } | { row: string };

const FETCH = 500;
const MIGRATIONS = 'schema_migrations';
const MONTH = /^audit_log_(\d{4})(\d{2})$/;

/**
 * Call inside a transaction, first of all: everything that is read in it is one moment (S-DB-15; the embedded PostgreSQL
 * has no `pg_dump`, so the dump is made of rows as JSON, which PostgreSQL itself reads back to the last bit).
 */
export async function beginDump(tx: Queries): Promise<DumpShape> {
  await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await tx.run('SET LOCAL statement_timeout = 0');
  await tx.run('SET LOCAL idle_in_transaction_session_timeout = 0');
  const migrations = await tx.rows<{ name: string }>(`SELECT name FROM ${MIGRATIONS} ORDER BY id`);
  const partitions = await tx.rows<{ name: string }>(
    "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit_log'::regclass ORDER BY 1",
  );
  const sequences = await tx.rows<{ name: string; last: number | null }>(
    "SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public'",
  );
  return {
    migrations: migrations.map((one) => one.name),
    auditMonths: partitions.flatMap(({ name }) => {
      const [, year, month] = MONTH.exec(name) ?? [];
      return year ? [`${year}-${month}-01`] : [];
    }),
    sequences: Object.fromEntries(sequences.flatMap(({ name, last }) => (last === null ? [] : [[name, last]]))),
  };
}

/** All rows of all tables, `FETCH` at a time. */
export async function* dumpRows(tx: Queries): AsyncGenerator<DumpStep> {
  for (const table of await tablesInOrder(tx)) {
    yield { table };
    const { order } = (await tx.row<{ order: string | null }>(PRIMARY_KEY, [table])) ?? { order: null };
    await tx.run(
      `DECLARE dumped NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${table} t ${order ? `ORDER BY ${order}` : ''}`,
    );
    for (;;) {
      const rows = await tx.rows<{ row: string }>(`FETCH ${FETCH} FROM dumped`);
      for (const row of rows) yield row;
      if (rows.length < FETCH) break;
    }
    await tx.run('CLOSE dumped');
  }
}

const PRIMARY_KEY = `SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY array_position(i.indkey, a.attnum)) AS order
  FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
  WHERE i.indrelid = $1::regclass AND i.indisprimary`;

/** Every table of ours but that of the migrations, each after those that it refers to. */
async function tablesInOrder(tx: Queries): Promise<string[]> {
  const tables = await tx.rows<{ name: string; needs: string[] }>(
    `SELECT c.relname::text AS name, coalesce(array_agg(r.relname::text) FILTER (WHERE r.oid IS NOT NULL AND r.oid <> c.oid), '{}') AS needs
     FROM pg_class c LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f'
       LEFT JOIN pg_class r ON r.oid = f.confrelid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $1
     GROUP BY c.relname ORDER BY 1`,
    [MIGRATIONS],
  );
  const done = new Set<string>();
  while (done.size < tables.length) {
    const ready = tables.filter(({ name, needs }) => !done.has(name) && needs.every((one) => done.has(one)));
    if (ready.length === 0) throw new Error('tables refer to each other in a circle: a dump has no order');
    for (const { name } of ready) done.add(name);
  }
  return [...done];
}

const INSERT_AT_ONCE = 500;

/** Fills the empty tables of a database of the same shape; call it inside one transaction. Returns how many rows. */
export async function loadRows(tx: Queries, shape: DumpShape, steps: AsyncIterable<DumpStep>): Promise<number> {
  await tx.run('SET LOCAL statement_timeout = 0');
  await tx.run('SET LOCAL idle_in_transaction_session_timeout = 0');
  const known = new Set(await tablesInOrder(tx));
  await tx.run(`TRUNCATE ${[...known].join(', ')}`);
  for (const month of shape.auditMonths) await ensurePartition(tx, month);
  let table = '';
  let rows: string[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await insertRows(tx, table, rows);
    count += rows.length;
    rows = [];
  };
  for await (const step of steps) {
    if ('table' in step) {
      await flush();
      if (!known.has(step.table))
        throw new Error(`the dump has a table that this version does not know: ${step.table}`);
      table = step.table;
    } else {
      rows.push(step.row);
      if (rows.length >= INSERT_AT_ONCE) await flush();
    }
  }
  await flush();
  for (const [name, last] of Object.entries(shape.sequences))
    await tx.run('SELECT setval(quote_ident($1)::regclass, $2)', [name, last]);
  return count;
}

async function insertRows(tx: Queries, table: string, rows: readonly string[]): Promise<void> {
  await tx.run(
    `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [`[${rows.join(',')}]`],
  );
}

async function ensurePartition(tx: Queries, month: string): Promise<void> {
  const made = await tx.row<{ statement: string }>(
    `SELECT format('CREATE TABLE IF NOT EXISTS audit_log_%s PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
       to_char($1::date, 'YYYYMM'), $1::date || ' 00:00:00+00', ($1::date + interval '1 month')::date || ' 00:00:00+00') AS statement`,
    [month],
  );
  if (made) await tx.run(made.statement);
}
