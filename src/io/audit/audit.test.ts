import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, afterEach, describe, it } from 'node:test';
import { AUDIT_CATEGORIES } from '../../messages/audit-api.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createLog } from '../log.ts';
import { type Audit, type AuditOptions, type AuditRecord, openAudit } from './audit.ts';
import * as events from './audit-events.ts';
import type { AuditEntry } from './audit-record.ts';

const { authentication, charge, incident, security, system } = events;
const root = mkdtempSync(join(tmpdir(), 'ev-audit-'));
const source = { entity: 'driver:DRV001', address: '::ffff:10.0.0.7', correlationId: 'c-1' };
const supply = { cpId: 'CP001', supplyId: 'S1', driverId: 'DRV001' };
const opened: Audit[] = [];
let folderCount = 0;
afterEach(async () => {
  for (const audit of opened.splice(0)) await audit.stop();
});
after(() => rmSync(root, { recursive: true }));

async function open(options: Partial<AuditOptions> = {}) {
  const fake = createFakeClock(Date.UTC(2026, 10, 24, 9, 8, 7, 6));
  const folder = join(root, String(++folderCount));
  const console = new PassThrough();
  const log = createLog('central', { destination: console, level: 'warn' });
  const settings = { component: 'central', folder, log, clock: ioClockOf(fake), lockWaitMs: 0, ...options };
  const audit = await openAudit(settings);
  opened.push(audit);
  const lines = (name = 'audit_central.log'): AuditRecord[] =>
    readFileSync(join(settings.folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { audit, fake, console, lines, settings };
}

describe('audit', () => {
  it('writes the record of the description, one JSON line an event (S-AUD-04, S-AUD-09, R2-28)', async () => {
    const { audit, lines } = await open();
    audit.record(
      charge.ended(source, {
        ...supply,
        reason: 'UNPLUGGED',
        energyWh: 5_000,
        amountCents: 125,
        ticketNumber: 7,
        isEstimated: false,
      }),
    );
    await audit.stop();
    assert.deepEqual(lines(), [
      {
        timestamp: '2026-11-24T09:08:07.006Z',
        date: '2026-11-24',
        time: '09:08:07.006',
        component: 'central',
        category: 'CHARGE',
        action: 'CHARGE_STOP',
        level: 'INFO',
        source_entity: 'driver:DRV001',
        source_ip: '10.0.0.7',
        success: true,
        description: 'CP001 gave 5000 Wh to DRV001: UNPLUGGED',
        parameters: {
          driverId: 'DRV001',
          reason: 'UNPLUGGED',
          energyWh: 5_000,
          amountCents: 125,
          ticketNumber: 7,
          isEstimated: false,
        },
        cp_id: 'CP001',
        supply_id: 'S1',
        correlation_id: 'c-1',
      },
    ]);
  });

  it('has events in each of the seven categories, each with an action of its own (S-AUD-05)', () => {
    const groups = Object.values(events) as Record<string, (from: typeof source, event: object) => AuditEntry>[];
    const any = new Proxy(
      {},
      { get: (_target, name) => (name === 'reasons' || name === 'scopes' ? ['x'] : 'x'), ownKeys: () => [] },
    );
    const made = groups.flatMap((group) => Object.values(group).map((make) => make(source, any)));
    assert.deepEqual(new Set(made.map(({ category }) => category)), new Set(AUDIT_CATEGORIES));
    for (const { action, description } of made) assert.match(`${action} ${description}`, /^[A-Z_a-z]+ .+/);
  });

  it('goes on in the same file after a restart (S-AUD-07), with one writer at a time', async () => {
    const { audit, lines, settings } = await open();
    audit.record(system.started({ entity: 'central' }));
    await assert.rejects(openAudit(settings), { code: 'FILE_LOCKED' });
    await audit.stop();
    const again = await openAudit(settings);
    again.record(system.started({ entity: 'central' }));
    await again.stop();
    assert.equal(lines().length, 2);
  });

  it('shows WARNING and above on the console, everything in the file (S-AUD-06)', async () => {
    const { audit, console, lines } = await open();
    audit.record(charge.started(source, supply));
    audit.record(incident.centralDisconnected({ entity: 'cp:CP001' }, { silentMs: 15_000 }));
    await audit.stop();
    assert.equal(lines().length, 2);
    const shown = String(console.read())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      shown.map(({ level, audit: { action } }) => [level, action]),
      [['warn', 'CENTRAL_DISCONNECTED']],
    );
  });

  it('feeds the sinks, and survives one that fails', async () => {
    const { audit, lines } = await open();
    const got: AuditRecord[] = [];
    audit.addSink(() => {
      throw new Error('database down');
    });
    audit.addSink((record) => void got.push(record));
    audit.record(charge.started(source, supply));
    await audit.stop();
    assert.deepEqual(got, lines());
  });

  it('lets nothing secret in, and nothing unbounded (F-48)', async () => {
    const { audit, lines } = await open();
    const entry = security.recordRefused({ entity: 'x'.repeat(5_000), address: 'not an address' }, { code: 'NO_KEY' });
    audit.record({
      ...entry,
      parameters: { token: 'abc', nested: { password: 'abc' } },
      description: 'Bearer abcdefghijk',
    });
    await audit.stop();
    const [record] = lines();
    assert.equal(JSON.stringify(record).includes('abc'), false);
    assert.deepEqual([record?.source_ip, record?.source_entity.length], [null, 100]);
  });

  it('caps refusals by source and minute and tells how many it left out', async () => {
    const { audit, lines, fake } = await open({ refusalsPerMinute: 3 });
    const refuse = (address: string) =>
      audit.record(authentication.loginRefused({ entity: 'driver:X', address }, { user: 'X', code: 'WRONG' }));
    for (let n = 0; n < 10; n++) refuse('10.0.0.1');
    refuse('10.0.0.2');
    for (let n = 0; n < 10; n++) audit.record(charge.started(source, supply));
    fake.advance(70_000);
    refuse('10.0.0.1');
    await audit.stop();
    const refusals = lines().filter(({ action }) => action === 'LOGIN');
    assert.deepEqual(
      refusals.map(({ source_ip, parameters }) => [source_ip, parameters.omitted]),
      [...Array(3).fill(['10.0.0.1', undefined]), ['10.0.0.2', undefined], ['10.0.0.1', 7], ['10.0.0.1', undefined]],
    );
    assert.equal(lines().length, refusals.length + 10, 'only refusals are capped');
  });

  it('tells at the stop what was left out in the running minute', async () => {
    const { audit, lines } = await open({ refusalsPerMinute: 1 });
    for (let n = 0; n < 5; n++)
      audit.record(security.rateLimited({ entity: 'api', address: '10.0.0.1' }, { what: 'register' }));
    await audit.stop();
    assert.deepEqual(
      lines().map(({ parameters }) => parameters.omitted),
      [undefined, 4],
    );
  });

  it('rotates by size and keeps a bounded number of files', async () => {
    const { audit, settings } = await open({ maxFileBytes: 2_000, maxFiles: 3 });
    for (let n = 0; n < 60; n++) {
      audit.record(charge.started(source, { ...supply, supplyId: `S${n}` }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await audit.stop();
    const names = readdirSync(settings.folder).sort();
    assert.deepEqual(names, ['audit_central.log', 'audit_central.log.1', 'audit_central.log.2']);
    const kept = names
      .reverse()
      .flatMap((name) => readFileSync(join(settings.folder, name), 'utf8').trim().split('\n'));
    const numbers = kept.map((line) => Number(JSON.parse(line).supply_id.slice(1)));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => 60 - numbers.length + index),
      'the newest, in order',
    );
  });

  it('says when it cannot be written, and writes what waited once it can', async () => {
    const folder = join(root, 'broken');
    mkdirSync(join(folder, 'audit_central.log'), { recursive: true });
    const { audit, fake, lines } = await open({ folder });
    audit.record(charge.started(source, supply));
    fake.advance(10_000);
    assert.equal(audit.isWritable(), false);
    rmSync(join(folder, 'audit_central.log'), { recursive: true });
    fake.advance(10_000);
    assert.equal(audit.isWritable(), true);
    await audit.stop();
    assert.equal(lines().length, 1);
  });
});
