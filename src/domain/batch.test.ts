import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runsFromEnvironment } from '../testing/generated.ts';
import { testSeed } from '../testing/seed.ts';
import {
  BATCH_PAUSE_MS,
  type Batch,
  type BatchEffect,
  type BatchEvent,
  type BatchSupply,
  createBatch,
  currentLine,
  decideBatch,
  isBatchOver,
  mayBatchAsk,
} from './batch.ts';
import { MAX_BATCH_LINES, readBatchText } from './batch-text.ts';

const seed = testSeed('batches');
const numRuns = runsFromEnvironment(500);

function newBatch(cpIds: readonly string[]): Batch {
  const lines = cpIds.map((text, index) => ({ line: index + 1, text, isValid: text !== '' }));
  return createBatch({ batchId: 'B', driverId: 'ANA', lines, requestIds: cpIds.map((_, n) => `r${n}`) }, 0);
}

const LOOK: BatchEvent = { kind: 'look', canAsk: true, isDriverFree: true };
const supplyOf = (requestId: string, state: BatchSupply['state'], more: Partial<BatchSupply> = {}): BatchEvent => ({
  kind: 'supply',
  supply: { requestId, supplyId: `s${requestId}`, state, energyWh: 100, amountCents: 3, ...more },
});

/** Runs events, each 10 s after the one before. */
function run(batch: Batch, ...events: BatchEvent[]): { batch: Batch; effects: BatchEffect[] } {
  let now = batch;
  const effects: BatchEffect[] = [];
  for (const [index, event] of events.entries()) {
    const decision = decideBatch(now, event, (index + 1) * 10_000);
    now = decision.batch;
    effects.push(...decision.effects);
  }
  return { batch: now, effects };
}

test('R1-14: the next request waits for the end of the one before it, and then 4 s', () => {
  let batch = newBatch(['CP001', 'CP002']);
  const step = (event: BatchEvent, nowMs: number) => {
    const decision = decideBatch(batch, event, nowMs);
    batch = decision.batch;
    return decision.effects;
  };
  assert.deepEqual(step(LOOK, 0), [{ kind: 'request', cpId: 'CP001', requestId: 'r0' }]);
  step(supplyOf('r0', 'CHARGING'), 1_000);
  assert.deepEqual(step(LOOK, 20_000), []);
  step(supplyOf('r0', 'ENDED', { endReason: 'UNPLUGGED' }), 30_000);
  assert.deepEqual(step(LOOK, 30_000 + BATCH_PAUSE_MS - 1), []);
  assert.deepEqual(step(LOOK, 30_000 + BATCH_PAUSE_MS), [{ kind: 'request', cpId: 'CP002', requestId: 'r1' }]);
});

test('a refusal is the result of its line and the batch goes on; a refusal that says nothing about the point is asked again', () => {
  const busy: BatchEvent = { kind: 'refused', requestId: 'r0', refusal: { code: 'CP_UNKNOWN' } };
  const { batch, effects } = run(newBatch(['CP001', 'CP002']), LOOK, busy, LOOK);
  assert.equal(batch.lines[0]?.state, 'DENIED');
  assert.equal(effects.length, 2);
  const away: BatchEvent = { kind: 'refused', requestId: 'r0', refusal: { code: 'SERVICE_UNAVAILABLE' } };
  const again = run(newBatch(['CP001', 'CP002']), LOOK, away, LOOK);
  assert.deepEqual(again.effects[1], again.effects[0]);
});

test('an interrupted charge holds up nothing; its ticket, hours later, is its result', () => {
  const ticket = { supplyId: 'sr0', ticketNumber: 7, energyWh: 90, amountCents: 2, endReason: 'FAULT' as const };
  const { batch } = run(newBatch(['CP001']), LOOK, supplyOf('r0', 'CHARGING'), supplyOf('r0', 'INTERRUPTED'));
  assert.equal(isBatchOver(batch), true);
  const after = run(batch, { kind: 'ticket', ticket });
  assert.deepEqual([after.batch.lines[0]?.state, after.batch.lines[0]?.ticketNumber], ['DONE', 7]);
});

test('cancelled while a request was on its way: what came of it after all is taken back; a charge that runs is not', () => {
  const { batch } = run(newBatch(['CP001', 'CP002']), LOOK, { kind: 'cancel' });
  assert.equal(isBatchOver(batch), true);
  assert.deepEqual(run(batch, supplyOf('r0', 'PREPARING')).effects, [{ kind: 'stop', supplyId: 'sr0' }]);
  const running = run(newBatch(['CP001', 'CP002']), LOOK, supplyOf('r0', 'CHARGING'), { kind: 'cancel' });
  assert.equal(running.effects.length, 1);
  assert.equal(isBatchOver(running.batch), false);
  assert.equal(mayBatchAsk(running.batch), false);
  assert.equal(run(running.batch, supplyOf('r0', 'ENDED')).batch.state, 'CANCELLED');
});

test('skip: the next line is left out, a running charge is stopped', () => {
  assert.equal(run(newBatch(['CP001', 'CP002']), { kind: 'skip' }).batch.lines[0]?.state, 'SKIPPED');
  const { effects } = run(newBatch(['CP001']), LOOK, supplyOf('r0', 'CHARGING'), { kind: 'skip' });
  assert.deepEqual(effects[1], { kind: 'stop', supplyId: 'sr0' });
});

test('S-DRV-11: a file is read line by line; a bad line is reported with its number, a long or binary one refused whole', () => {
  const read = readBatchText('\uFEFFcp001\r\n\r\n  CP002  \nwhat is this?\n');
  assert.ok(typeof read !== 'string');
  assert.deepEqual(
    read.lines.map(({ line, text, isValid }) => [line, text, isValid]),
    [
      [1, 'CP001', true],
      [3, 'CP002', true],
      [4, 'what is this?', false],
    ],
  );
  assert.equal(read.blankCount, 1);
  assert.equal(readBatchText('\n \n'), 'BATCH_EMPTY');
  assert.equal(readBatchText('nothing good\n'), 'BATCH_EMPTY');
  assert.equal(readBatchText('CP001\n'.repeat(MAX_BATCH_LINES + 1)), 'BATCH_TOO_LONG');
  assert.equal(readBatchText('PK\u0003\u0000'), 'BATCH_NOT_TEXT');
});

/** Central as a batch sees it: one supply a request id, whatever is lost, repeated or late. */
function scriptedCentral(random: () => number) {
  const supplies = new Map<string, { state: BatchSupply['state']; changes: number }>();
  const STEPS: Partial<Record<BatchSupply['state'], BatchSupply['state'][]>> = {
    REQUESTED: ['PREPARING', 'DENIED'],
    PREPARING: ['CHARGING', 'ENDED'],
    CHARGING: ['ENDING', 'INTERRUPTED', 'ENDED'],
    ENDING: ['ENDED'],
    INTERRUPTED: ['ENDED'],
  };
  return {
    supplies,
    request(requestId: string) {
      if (!supplies.has(requestId)) supplies.set(requestId, { state: 'REQUESTED', changes: 0 });
    },
    stop(requestId: string) {
      const supply = supplies.get(requestId);
      if (supply && supply.state !== 'DENIED') supply.state = 'ENDED';
    },
    /** One step of one open supply. */
    goOn() {
      for (const supply of supplies.values()) {
        const next = STEPS[supply.state];
        if (next && random() < 0.5) supply.state = next[Math.floor(random() * next.length)] ?? 'ENDED';
      }
    },
    isBusy: () => [...supplies.values()].some(({ state }) => STEPS[state] !== undefined && state !== 'INTERRUPTED'),
  };
}

const people = fc.constantFrom<BatchEvent['kind']>('pause', 'resume', 'skip', 'cancel');
const moment = fc.record({
  waitMs: fc.nat(6_000),
  person: fc.option(people, { freq: 12 }),
  losesRequest: fc.boolean(),
  losesNews: fc.boolean(),
  isKilled: fc.boolean(),
  dice: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 6, maxLength: 6 }),
});

test('property: whatever is lost and whenever it is killed, one line at a time, in order, one supply a line at most, and it ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(moment, { maxLength: 60 }), (size, moments) => {
      const cpIds = Array.from({ length: size }, (_, n) => `CP00${n}`);
      let dice: number[] = [];
      const central = scriptedCentral(() => dice.pop() ?? 0.3);
      let batch = newBatch(cpIds);
      let kept = JSON.stringify(batch);
      let nowMs = 0;
      let lastEndMs = Number.NEGATIVE_INFINITY;
      const asked: string[] = [];
      const take = (event: BatchEvent, losesRequest: boolean) => {
        const before = currentLine(batch);
        const decision = decideBatch(batch, event, nowMs);
        batch = decision.batch;
        // Kept before anything is sent: a kill in between loses the request, never the memory of it.
        kept = JSON.stringify(batch);
        if (before && currentLine(batch)?.requestId !== before.requestId) lastEndMs = nowMs;
        for (const effect of decision.effects) {
          if (effect.kind === 'stop') central.stop(effect.supplyId.slice(1));
          else {
            if (!asked.includes(effect.requestId)) {
              assert.equal(batch.state, 'RUNNING');
              assert.ok(nowMs - lastEndMs >= BATCH_PAUSE_MS, 'R1-14: four seconds');
              assert.ok(
                asked.every((id) => id < effect.requestId),
                'in the order of the file',
              );
              asked.push(effect.requestId);
            }
            if (!losesRequest) central.request(effect.requestId);
          }
        }
        assert.ok(batch.lines.filter(({ state }) => state === 'ASKED' || state === 'OPEN').length <= 1);
      };
      const tellNews = () => {
        for (const [requestId, { state }] of central.supplies)
          take(supplyOf(requestId, state, state === 'ENDED' ? { endReason: 'UNPLUGGED' } : {}), false);
      };
      const live = (one: { waitMs: number; losesRequest: boolean; losesNews: boolean; isKilled: boolean }) => {
        nowMs += one.waitMs;
        central.goOn();
        if (!one.losesNews) tellNews();
        if (one.isKilled) {
          batch = JSON.parse(kept) as Batch;
          take({ kind: 'reconnected' }, false);
        }
        take({ kind: 'look', canAsk: true, isDriverFree: !central.isBusy() }, one.losesRequest);
      };
      for (const one of moments) {
        dice = [...one.dice];
        if (one.person !== null) take({ kind: one.person } as BatchEvent, false);
        live(one);
      }
      take({ kind: 'resume' }, false);
      for (let round = 0; round < 60 && !isBatchOver(batch); round += 1)
        live({ waitMs: 5_000, losesRequest: false, losesNews: false, isKilled: false });
      assert.equal(isBatchOver(batch), true);
      for (const line of batch.lines) {
        const supply = central.supplies.get(line.requestId);
        if (line.state === 'DONE') assert.equal(supply?.state, 'ENDED');
        if (line.state === 'DENIED') assert.equal(supply?.state, 'DENIED');
      }
    }),
    { seed, numRuns },
  );
});
