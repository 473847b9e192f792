import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openAudit } from '../audit/audit.ts';
import { authentication } from '../audit/audit-events.ts';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { startAuditLogWriter } from './audit-log.ts';
import type { Queries } from './database.ts';

const log = createLog('test', { level: 'silent' });
const login = (user: string) => authentication.loginAccepted({ entity: `operator:${user}` }, { user, role: 'viewer' });

test('S-AUD-12 what is recorded while the table is completed from the file is in the table once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ev-audit-log-'));
  const audit = await openAudit({ component: 'central', folder, log });
  audit.record(login('before'));
  const stored: string[] = [];
  const take = (values: readonly unknown[] = []) => {
    const rows: { source_entity: string }[] = JSON.parse(String(values[0]));
    stored.push(...rows.map((row) => row.source_entity));
    return rows.length;
  };
  const db = {
    rows: async () => [],
    // Asked as the first thing of completing the table: just then somebody logs in.
    row: async () => {
      audit.record(login('meanwhile'));
      await new Promise((resolve) => setImmediate(resolve));
      return { at: null };
    },
    run: async (_statement: unknown, values?: readonly unknown[]) => take(values),
  } as unknown as Queries;
  const writer = startAuditLogWriter({ db, clock: systemClock, log, component: 'central', folder });
  audit.addSink(writer.sink);
  await writer.stop();
  await audit.stop();
  await rm(folder, { recursive: true });
  assert.deepEqual(stored.sort(), ['operator:before', 'operator:meanwhile']);
});
