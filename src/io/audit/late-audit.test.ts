import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { countingClock } from '../../testing/counting-clock.ts';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { openAudit } from './audit.ts';
import { system } from './audit-events.ts';
import { createLateAudit } from './late-audit.ts';

test('a file that could be opened only after the end is written and let go: it kept its process, and its successor waiting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ev-late-audit-'));
  const counted = countingClock(systemClock);
  const opening = { component: 'engine_CP001', folder, log: createLog('test', { level: 'silent' }), lockWaitMs: 0 };
  const audit = createLateAudit();
  audit.record(system.started({ entity: 'cp:CP001' }));
  await audit.stop();
  await audit.open(await openAudit({ ...opening, clock: counted.clock }));
  assert.equal(counted.repeating, 0);
  assert.match(readFileSync(join(folder, 'audit_engine_CP001.log'), 'utf8'), /cp:CP001/);
  const successor = await openAudit(opening);
  await successor.stop();
  rmSync(folder, { recursive: true });
});
