import type { BatchTextLine } from './batch-text.ts';
import type { Refusal } from './refusal.ts';
import { SECOND_MS } from './units.ts';
import type { EndReason, RefusalCode, SupplyState } from './vocabulary.ts';

/** Pause between the end of a charge and the next request (R1-14). */
export const BATCH_PAUSE_MS = 4 * SECOND_MS;
/** An unanswered request is sent again, under its own id, after this long. */
const ASK_AGAIN_MS = 4 * SECOND_MS;
/** A running charge is asked about after this long without news: what was said while nobody listened is then known. */
const ASK_AFTER_MS = 60 * SECOND_MS;

/** INVALID: no id of a point. ASKED: on its way to Central. OPEN: Central holds a supply. The others are results. */
export const BATCH_LINE_STATES = [
  'INVALID',
  'WAITING',
  'ASKED',
  'OPEN',
  'DONE',
  'DENIED',
  'INTERRUPTED',
  'SKIPPED',
] as const;
export type BatchLineState = (typeof BATCH_LINE_STATES)[number];

/** One charge of a batch. Its request id is made with the batch: asking twice gives one supply (D-05). */
export interface BatchLine {
  readonly line: number;
  /** What stands on the line; an id unless INVALID. */
  readonly cpId: string;
  readonly requestId: string;
  readonly state: BatchLineState;
  readonly supplyId?: string;
  readonly supplyState?: SupplyState;
  readonly refusal?: Refusal;
  readonly ticketNumber?: number;
  readonly energyWh?: number;
  readonly amountCents?: number;
  readonly endReason?: EndReason;
  /** ASKED and OPEN: when to ask (again). */
  readonly askAtMs?: number;
}

export const BATCH_STATES = ['RUNNING', 'PAUSED', 'CANCELLED', 'FINISHED'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** Charges of one driver, one after the other. */
export interface Batch {
  readonly batchId: string;
  readonly driverId: string;
  readonly createdAtMs: number;
  readonly state: BatchState;
  readonly lines: readonly BatchLine[];
  /** The next request waits until then. */
  readonly nextAtMs: number;
  readonly finishedAtMs?: number;
}

/** What is known of a supply that may belong to a line. */
export interface BatchSupply {
  readonly requestId: string;
  readonly supplyId: string;
  readonly state: SupplyState;
  readonly energyWh: number;
  readonly amountCents: number;
  readonly refusal?: Refusal;
  readonly endReason?: EndReason;
}

export interface BatchTicket {
  readonly supplyId: string;
  readonly ticketNumber: number;
  readonly energyWh: number;
  readonly amountCents: number;
  readonly endReason: EndReason;
}

/** `canAsk`: Central is reachable and the driver signed in; `isDriverFree`: no other charge of theirs is open. */
export type BatchEvent =
  | { kind: 'look'; canAsk: boolean; isDriverFree: boolean }
  /** News may have been missed: ask about what is open at the next look. */
  | { kind: 'reconnected' }
  | { kind: 'supply'; supply: BatchSupply }
  | { kind: 'refused'; requestId: string; refusal: Refusal }
  | { kind: 'ticket'; ticket: BatchTicket }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'skip' }
  | { kind: 'cancel' };

export type BatchEffect = { kind: 'request'; cpId: string; requestId: string } | { kind: 'stop'; supplyId: string };
export type BatchDecision = { batch: Batch; effects: readonly BatchEffect[] };

/** Refusals that say nothing about the point: the same request is asked again. */
const TRANSIENT: readonly RefusalCode[] = ['SERVICE_UNAVAILABLE', 'REQUEST_EXPIRED', 'NOT_LOGGED_IN'];

/** A new batch; `requestIds` has one for each line. */
export function createBatch(
  of: { batchId: string; driverId: string; lines: readonly BatchTextLine[]; requestIds: readonly string[] },
  nowMs: number,
): Batch {
  return {
    batchId: of.batchId,
    driverId: of.driverId,
    createdAtMs: nowMs,
    state: 'RUNNING',
    nextAtMs: nowMs,
    lines: of.lines.map(({ line, text, isValid }, index) => ({
      line,
      cpId: text,
      requestId: of.requestIds[index] ?? '',
      state: isValid ? 'WAITING' : 'INVALID',
    })),
  };
}

/** True once no line will change any more but by a late ticket. */
export function isBatchOver(batch: Batch): boolean {
  return batch.finishedAtMs !== undefined;
}

/** True while it may still ask for a charge; false also for one that was cancelled and whose charge runs on as any other. */
export function mayBatchAsk(batch: Batch): boolean {
  return batch.state === 'RUNNING' || batch.state === 'PAUSED';
}

/** The line that is asked for or charges now. */
export function currentLine(batch: Batch): BatchLine | undefined {
  return batch.lines.find(({ state }) => state === 'ASKED' || state === 'OPEN');
}

/** The one rule of batches (R1-14): a line is asked for when the one before it has ended, well or not, and 4 s have gone by. */
export function decideBatch(batch: Batch, event: BatchEvent, nowMs: number): BatchDecision {
  const decision = react(batch, event, nowMs);
  return { ...decision, batch: closed(decision.batch, nowMs) };
}

function react(batch: Batch, event: BatchEvent, nowMs: number): BatchDecision {
  switch (event.kind) {
    case 'look':
      return event.canAsk ? ask(batch, event.isDriverFree, nowMs) : only(batch);
    case 'reconnected':
      return only(withLines(batch, (line) => (isCurrent(line) ? { ...line, askAtMs: nowMs } : line)));
    case 'supply':
      return takeSupply(batch, event.supply, nowMs);
    case 'refused':
      return only(takeRefusal(batch, event, nowMs));
    case 'ticket':
      return only(takeTicket(batch, event.ticket));
    case 'pause':
      return only(batch.state === 'RUNNING' ? { ...batch, state: 'PAUSED' } : batch);
    case 'resume':
      return only(batch.state === 'PAUSED' ? { ...batch, state: 'RUNNING' } : batch);
    case 'skip':
      return skip(batch, nowMs);
    case 'cancel':
      return cancel(batch, nowMs);
    default:
      return event satisfies never;
  }
}

function only(batch: Batch): BatchDecision {
  return { batch, effects: [] };
}

function isCurrent({ state }: BatchLine): boolean {
  return state === 'ASKED' || state === 'OPEN';
}

function isUnstarted({ supplyState }: BatchLine): boolean {
  return supplyState === 'REQUESTED' || supplyState === 'PREPARING';
}

function withLines(batch: Batch, change: (line: BatchLine) => BatchLine): Batch {
  return { ...batch, lines: batch.lines.map(change) };
}

function withLine(batch: Batch, changed: BatchLine): Batch {
  return withLines(batch, (line) => (line.requestId === changed.requestId ? changed : line));
}

/** A line has its result: the pause begins. */
function concluded(batch: Batch, line: BatchLine, nowMs: number): Batch {
  const { askAtMs: _, ...rest } = line;
  return { ...withLine(batch, rest), nextAtMs: nowMs + BATCH_PAUSE_MS };
}

function closed(batch: Batch, nowMs: number): Batch {
  const isUnfinished = batch.lines.some((line) => line.state === 'WAITING' || isCurrent(line));
  if (isUnfinished || isBatchOver(batch)) return batch;
  return { ...batch, state: batch.state === 'CANCELLED' ? 'CANCELLED' : 'FINISHED', finishedAtMs: nowMs };
}

function ask(batch: Batch, isDriverFree: boolean, nowMs: number): BatchDecision {
  const current = currentLine(batch);
  if (current) {
    // Not answered yet and not wanted now: asking again could start what was paused.
    const isUnwanted = current.state === 'ASKED' && batch.state !== 'RUNNING';
    if (isUnwanted || nowMs < (current.askAtMs ?? nowMs)) return only(batch);
    return request(batch, current, nowMs);
  }
  const next = batch.lines.find((line) => line.state === 'WAITING');
  if (!next || batch.state !== 'RUNNING' || !isDriverFree || nowMs < batch.nextAtMs) return only(batch);
  return request(batch, { ...next, state: 'ASKED' }, nowMs);
}

function request(batch: Batch, line: BatchLine, nowMs: number): BatchDecision {
  const askAtMs = nowMs + (line.state === 'OPEN' ? ASK_AFTER_MS : ASK_AGAIN_MS);
  const { cpId, requestId } = line;
  return { batch: withLine(batch, { ...line, askAtMs }), effects: [{ kind: 'request', cpId, requestId }] };
}

function takeSupply(batch: Batch, supply: BatchSupply, nowMs: number): BatchDecision {
  const line = batch.lines.find(({ requestId }) => requestId === supply.requestId);
  if (!line || line.state === 'INVALID' || line.state === 'WAITING') return only(batch);
  const { supplyId } = supply;
  const known = { ...line, supplyId, supplyState: supply.state };
  // Skipped while its request was on its way: what came of it after all is not wanted.
  if (line.state === 'SKIPPED') return { batch, effects: isUnstarted(known) ? [{ kind: 'stop', supplyId }] : [] };
  if (line.state === 'DONE' || line.state === 'DENIED') return only(batch);
  if (supply.state === 'DENIED')
    return only(concluded(batch, { ...known, state: 'DENIED', ...refusalOf(supply.refusal) }, nowMs));
  if (supply.state === 'ENDED') {
    const { energyWh, amountCents, endReason } = supply;
    const done: BatchLine = { ...known, state: 'DONE', energyWh, amountCents, ...(endReason && { endReason }) };
    // An interrupted one ended long ago for the batch: only its result is news.
    return only(line.state === 'INTERRUPTED' ? withLine(batch, done) : concluded(batch, done, nowMs));
  }
  if (line.state === 'INTERRUPTED') return only(batch);
  // It frees its driver (D-05), so it holds up nothing; its ticket follows.
  if (supply.state === 'INTERRUPTED') return only(concluded(batch, { ...known, state: 'INTERRUPTED' }, nowMs));
  return only(withLine(batch, { ...known, state: 'OPEN', askAtMs: nowMs + ASK_AFTER_MS }));
}

function refusalOf(refusal: Refusal | undefined): { refusal: Refusal } {
  return { refusal: refusal ?? { code: 'CANCELLED' } };
}

function takeRefusal(batch: Batch, of: { requestId: string; refusal: Refusal }, nowMs: number): Batch {
  const line = batch.lines.find(({ requestId }) => requestId === of.requestId);
  if (line?.state !== 'ASKED') return batch;
  if (TRANSIENT.includes(of.refusal.code)) return withLine(batch, { ...line, askAtMs: nowMs + ASK_AGAIN_MS });
  return concluded(batch, { ...line, state: 'DENIED', refusal: of.refusal }, nowMs);
}

/** The ticket's figures are the last word; it ends nothing, the supply does. */
function takeTicket(batch: Batch, { supplyId, ...figures }: BatchTicket): Batch {
  const line = batch.lines.find((one) => one.supplyId === supplyId);
  if (!line || (line.ticketNumber ?? 0) >= figures.ticketNumber) return batch;
  return withLine(batch, { ...line, ...figures, ...(line.state === 'INTERRUPTED' ? { state: 'DONE' as const } : {}) });
}

/** The current line, or the next one: stopped if it charges, taken back if it is on its way. */
function skip(batch: Batch, nowMs: number): BatchDecision {
  if (isBatchOver(batch)) return only(batch);
  const line = currentLine(batch) ?? batch.lines.find(({ state }) => state === 'WAITING');
  if (!line) return only(batch);
  if (line.state === 'OPEN') return { batch, effects: [{ kind: 'stop', supplyId: line.supplyId ?? '' }] };
  const skipped: BatchLine = { ...line, state: 'SKIPPED' };
  return only(line.state === 'ASKED' ? concluded(batch, skipped, nowMs) : withLine(batch, skipped));
}

/** Nothing more is started; a charge that runs goes on as any other, one that waits for the plug is taken back. */
function cancel(batch: Batch, nowMs: number): BatchDecision {
  if (isBatchOver(batch)) return only(batch);
  const effects: BatchEffect[] = [];
  const lines = batch.lines.map((line): BatchLine => {
    if (line.state === 'OPEN' && isUnstarted(line)) effects.push({ kind: 'stop', supplyId: line.supplyId ?? '' });
    return line.state === 'WAITING' || line.state === 'ASKED' ? { ...line, state: 'SKIPPED' } : line;
  });
  return { batch: { ...batch, lines, state: 'CANCELLED', nextAtMs: nowMs }, effects };
}
