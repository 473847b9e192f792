import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Questions to a running network's database, as its owner; a connection for each, so that its restarts do not matter. */
export type NetworkDatabase = {
  ask<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Takes the locks of this statement and keeps them until the function that it resolves with is called. */
  hold(sql: string, parameters?: unknown[]): Promise<() => Promise<void>>;
};

const DATABASE = '/ev_charging';
/** int8 as a number: all figures here are small. */
const INT8 = 20;

/** The database of the network with this data folder. */
export function networkDatabase(folder: string): NetworkDatabase {
  return databaseAt(async () => {
    const url = new URL((await readFile(join(folder, 'secrets', 'database-admin.url'), 'utf8')).trim());
    url.pathname = DATABASE;
    return url;
  });
}

/** The database at this URL, which is asked for each time. */
export function databaseAt(urlOf: () => Promise<URL>): NetworkDatabase {
  const connect = async (): Promise<pg.Client> => {
    const url = await urlOf();
    const types = new pg.TypeOverrides();
    types.setTypeParser(INT8, Number);
    const client = new pg.Client({ connectionString: url.href, types });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return {
    async hold(sql, parameters = []) {
      const client = await connect();
      await client.query('BEGIN');
      await client.query(sql, parameters);
      return () => client.end();
    },
    async ask<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []) {
      const client = await connect();
      try {
        return (await client.query<Row>(sql, parameters)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

/** What the books say of one supply. */
export type SupplyRow = {
  supply_id: string;
  cp_id: string;
  driver_id: string | null;
  state: string;
  end_reason: string | null;
  refusal: string | null;
  energy_wh: number | null;
  is_estimated: boolean;
  requested_at: Date;
  ended_at: Date | null;
  closed_at: Date | null;
  /** First tickets, corrective ones, and the figures of the newest. */
  tickets: number;
  corrections: number;
  ticket_wh: number | null;
  ticket_cents: number | null;
  wallet_cents: number;
};

const SUPPLIES = `
  SELECT s.supply_id, s.cp_id, s.driver_id, s.state, s.end_reason, s.refusal, s.energy_wh, s.is_estimated,
    s.requested_at, s.ended_at, s.closed_at,
    (SELECT count(*) FROM tickets t WHERE t.supply_id = s.supply_id AND corrects_ticket_number IS NULL) AS tickets,
    (SELECT count(*) FROM tickets t WHERE t.supply_id = s.supply_id AND corrects_ticket_number IS NOT NULL) AS corrections,
    newest.energy_wh AS ticket_wh, newest.amount_cents AS ticket_cents,
    (SELECT coalesce(sum(w.amount_cents), 0) FROM wallet_entries w JOIN tickets t USING (ticket_number)
      WHERE t.supply_id = s.supply_id) AS wallet_cents
  FROM supplies s LEFT JOIN LATERAL (
    SELECT energy_wh, amount_cents FROM tickets t WHERE t.supply_id = s.supply_id ORDER BY ticket_number DESC LIMIT 1
  ) newest ON true
  ORDER BY s.requested_at`;

/** All supplies with their tickets and their part of the wallet. */
export function allSupplies(database: NetworkDatabase): Promise<SupplyRow[]> {
  return database.ask<SupplyRow>(SUPPLIES);
}

/** The version of a point as it is now; each change of it or of its supply makes it greater. Undefined: there is none. */
export async function pointVersion(database: NetworkDatabase, cpId: string): Promise<number | undefined> {
  const [row] = await database.ask<{ version: number }>('SELECT version FROM charging_point_facts WHERE cp_id = $1', [
    cpId,
  ]);
  return row?.version;
}

/** Everything in the books that must not be, as sentences: nothing may hang open, each end has one ticket, wallets add up. */
export async function brokenBooks(database: NetworkDatabase): Promise<string[]> {
  const supplies = await allSupplies(database);
  const wallets = await database.ask<{ driver_id: string; balance_cents: number; entries: number }>(
    `SELECT driver_id, balance_cents, (SELECT coalesce(sum(amount_cents), 0) FROM wallet_entries w
       WHERE w.driver_id = d.driver_id) AS entries FROM drivers d`,
  );
  const waiting = await database.ask<{ what: string; n: number }>(
    `SELECT 'outbox rows to ' || recipient || ' of type ' || message_type AS what, count(*) AS n FROM outbox GROUP BY 1
     UNION ALL SELECT 'orders SENT', count(*) FROM operator_orders WHERE state = 'SENT' HAVING count(*) > 0`,
  );
  return [
    ...supplies.flatMap(brokenSupply),
    ...wallets
      .filter((one) => Number(one.balance_cents) !== Number(one.entries))
      .map((one) => `wallet of ${one.driver_id}: ${one.balance_cents}, its entries add up to ${one.entries}`),
    ...waiting.map((one) => `${one.n} ${one.what} wait`),
  ];
}

function brokenSupply(supply: SupplyRow): string[] {
  const name = `supply ${supply.supply_id} (${supply.cp_id}, ${supply.state}, ${supply.end_reason ?? supply.refusal})`;
  const broken: string[] = [];
  if (supply.state !== 'ENDED' && supply.state !== 'DENIED') broken.push(`${name} is still open`);
  const wantedTickets = supply.state === 'ENDED' ? 1 : 0;
  if (supply.tickets !== wantedTickets) broken.push(`${name} has ${supply.tickets} tickets, not ${wantedTickets}`);
  if (supply.corrections > 0 && !supply.is_estimated) broken.push(`${name} was corrected, but not estimated`);
  if (supply.state !== 'ENDED') return broken;
  if (supply.corrections === 0 && supply.ticket_wh !== supply.energy_wh)
    broken.push(`${name}: ${supply.energy_wh} Wh, but its ticket says ${supply.ticket_wh}`);
  const owedCents = supply.driver_id === null ? 0 : -(supply.ticket_cents ?? 0);
  if (Number(supply.wallet_cents) !== owedCents)
    broken.push(`${name}: ${supply.ticket_cents} cents on the ticket, ${supply.wallet_cents} in the wallet`);
  return broken;
}
