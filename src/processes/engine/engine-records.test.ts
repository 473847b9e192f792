import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { EndedEngineSupply, EngineJournalEntry, EngineSupplyRecord } from '../../domain/engine-supply.ts';
import { newRandomId } from '../../io/new-id.ts';
import { engineArguments } from './config.ts';
import { openEngineJournal } from './engine-records.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ev-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function supply(): { record: EngineSupplyRecord; ended: EndedEngineSupply; entries: EngineJournalEntry[] } {
  const nowMs = Date.now();
  const record: EngineSupplyRecord = {
    ...{ supplyId: newRandomId(), requestId: newRandomId(), origin: 'POINT', priceE4PerKwh: 4_500, phase: 'ACCEPTED' },
    ...{ acceptedAtMs: nowMs, energyWh: 0, sequence: 0 },
  };
  const { supplyId } = record;
  const reading = (sequence: number): EngineJournalEntry => ({
    ...{ kind: 'reading', supplyId, sequence, energyWh: sequence, powerW: 3_600, atMs: nowMs },
  });
  return {
    record,
    ended: { ...record, phase: 'ENDED', energyWh: 3, sequence: 3, endedAtMs: nowMs, endReason: 'UNPLUGGED' },
    entries: [
      { kind: 'accepted', record },
      { kind: 'authorised', supplyId, atMs: nowMs },
      { kind: 'plugged', supplyId, atMs: nowMs },
      reading(1),
      reading(2),
      reading(3),
    ],
  };
}

async function write(cpId: string, entries: readonly EngineJournalEntry[]): Promise<void> {
  const journal = await openEngineJournal({ folder });
  for (const entry of entries) await journal.append(cpId, entry, entry.kind === 'ended');
  await journal.stop();
}

async function reread(cpId: string): Promise<EngineJournalEntry[]> {
  const journal = await openEngineJournal({ folder });
  const entries = journal.takeEntries(cpId);
  assert.deepEqual(journal.takeEntries(cpId), [], 'memory is released');
  await journal.stop();
  return entries;
}

describe('the engine’s journal', () => {
  it('gives back an open supply as it was written', async () => {
    const { entries } = supply();
    await write('CP001', entries);
    assert.deepEqual(await reread('CP001'), entries);
  });

  it('keeps of a closed supply its end only, of the switch its last position', async () => {
    const closed = supply();
    const open = supply();
    const atMs = Date.now();
    const end: EngineJournalEntry = { kind: 'ended', record: closed.ended };
    const on: EngineJournalEntry = { kind: 'local-hold', isLocalHold: true, atMs };
    const off: EngineJournalEntry = { kind: 'local-hold', isLocalHold: false, atMs };
    await write('CP001', [...closed.entries, end, on, off, ...open.entries]);
    assert.deepEqual(await reread('CP001'), [off, end, ...open.entries]);
  });

  it('forgets what Central acknowledged some time ago', async () => {
    const { entries, ended } = supply();
    const longAgoMs = Date.now() - 3_600_000;
    const acknowledged: EngineJournalEntry = { kind: 'acknowledged', supplyId: ended.supplyId, atMs: longAgoMs };
    await write('CP001', [...entries, { kind: 'ended', record: ended }, acknowledged]);
    assert.deepEqual(await reread('CP001'), []);
  });

  it('keeps the points of a fleet apart', async () => {
    const [one, other] = [supply(), supply()];
    await write('CP001', one.entries);
    await write('CP002', other.entries);
    assert.deepEqual(await reread('CP002'), other.entries);
    assert.deepEqual(await reread('CP003'), []);
  });

  it('belongs to one process', async () => {
    const journal = await openEngineJournal({ folder });
    await assert.rejects(openEngineJournal({ folder }), { code: 'FILE_LOCKED' });
    await journal.stop();
  });
});

describe('R1-19 EV_CP_E’s arguments', () => {
  it('broker ip:port and Monitor ip:port, together or apart', () => {
    const wanted = ['10.0.0.1:9092', '10.0.0.2:8010'];
    assert.deepEqual(engineArguments(wanted), wanted);
    assert.deepEqual(engineArguments(['10.0.0.1', '9092', '10.0.0.2', '8010']), wanted);
  });
});
