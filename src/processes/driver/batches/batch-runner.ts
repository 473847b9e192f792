import {
  type Batch,
  type BatchEffect,
  type BatchEvent,
  createBatch,
  decideBatch,
  isBatchOver,
} from '../../../domain/batch.ts';
import { readBatchText } from '../../../domain/batch-text.ts';
import { DAY_MS } from '../../../domain/units.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import type { BatchOrder } from '../../../messages/batches.ts';
import type { SupplyView, TicketView } from '../../../messages/entities.ts';
import type { CentralLink } from '../central-link.ts';
import type { User, Users } from '../users.ts';
import type { BatchFiles, KeptBatch } from './batch-files.ts';

/** Why no batch was started; codes for the page. */
export type BatchRefusal = 'BATCH_EMPTY' | 'BATCH_TOO_LONG' | 'BATCH_NOT_TEXT' | 'BATCH_RUNNING' | 'TOO_MANY_BATCHES';

/** The batches of all people of this driver process; the rule is domain/batch.ts, this keeps, asks and tells. */
export type Batches = {
  /** Starts the charges of a file for a person who is signed in with this token. */
  start(user: User, sessionToken: string, text: string): Batch | BatchRefusal;
  /** Undefined: this driver has no such batch. */
  order(driverId: string, batchId: string, order: BatchOrder): Batch | undefined;
  /** Newest first. */
  ofDriver(driverId: string): Batch[];
  /** True for a request that a batch made. */
  hasRequest(driverId: string, requestId: string): boolean;
  takeSupply(driverId: string, supply: SupplyView): void;
  takeTicket(driverId: string, ticket: TicketView): void;
  /** A person's state has come from Central: after a login, a restart, a renewed lease. */
  admitted(user: User, sessionToken: string): void;
  /** Central is there again: logins of batches that nobody has presented since this process started are presented. */
  reconnected(): Promise<void>;
  stop(): void;
};

export type BatchParts = {
  files: BatchFiles;
  users: () => Pick<Users, 'byDriver' | 'byToken'>;
  link: CentralLink;
  /** Presents a login to Central; its state arrives as `admitted`. False: it has expired. */
  present(sessionToken: string): Promise<boolean>;
  isCentralReachable: () => boolean;
  clock: Clock;
  log: Log;
};

const LOOK_EVERY_MS = 500;
const MAX_RUNNING = 500;
/** Finished ones that stay to be read. */
const KEPT_PER_DRIVER = 5;
const KEPT_FOR_MS = 30 * DAY_MS;

/** Reads what was running when this process ended, and goes on with it. */
export function startBatches(parts: BatchParts): Batches {
  const runner = new BatchRunner(parts);
  runner.load();
  return runner;
}

class BatchRunner implements Batches {
  readonly #parts: BatchParts;
  readonly #kept = new Map<string, KeptBatch>();
  readonly #timer: { cancel(): void };

  constructor(parts: BatchParts) {
    this.#parts = parts;
    this.#timer = parts.clock.setRepeating(() => this.#look(), LOOK_EVERY_MS);
  }

  load(): void {
    for (const kept of this.#parts.files.load()) this.#kept.set(kept.batch.batchId, kept);
    for (const driverId of new Set([...this.#kept.values()].map(({ batch }) => batch.driverId)))
      this.#forgetOld(driverId);
  }

  start(user: User, sessionToken: string, text: string): Batch | BatchRefusal {
    const read = readBatchText(text);
    if (typeof read === 'string') return read;
    const running = [...this.#kept.values()].filter(({ batch }) => !isBatchOver(batch));
    if (running.some(({ batch }) => batch.driverId === user.driverId)) return 'BATCH_RUNNING';
    if (running.length >= MAX_RUNNING) return 'TOO_MANY_BATCHES';
    const { lines } = read;
    const requestIds = lines.map(() => newRandomId());
    const of = { batchId: newTimeOrderedId(), driverId: user.driverId, lines, requestIds };
    const batch = createBatch(of, this.#parts.clock.nowMs());
    this.#keep({ batch, sessionToken });
    this.#forgetOld(user.driverId);
    this.#look();
    return this.#kept.get(batch.batchId)?.batch ?? batch;
  }

  order(driverId: string, batchId: string, order: BatchOrder): Batch | undefined {
    const kept = this.#kept.get(batchId);
    if (kept?.batch.driverId !== driverId) return undefined;
    this.#take(kept, { kind: order });
    return this.#kept.get(batchId)?.batch;
  }

  ofDriver(driverId: string): Batch[] {
    return this.#of(driverId)
      .map(({ batch }) => batch)
      .sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  hasRequest(driverId: string, requestId: string): boolean {
    return this.#of(driverId).some(({ batch }) => batch.lines.some((line) => line.requestId === requestId));
  }

  takeSupply(driverId: string, supply: SupplyView): void {
    for (const kept of this.#of(driverId)) this.#take(kept, { kind: 'supply', supply });
  }

  takeTicket(driverId: string, view: TicketView): void {
    const { supplyId, ticketNumber, energyWh, amountCents, endReason } = view;
    const ticket = { supplyId, ticketNumber, energyWh, amountCents, endReason };
    for (const kept of this.#of(driverId)) this.#take(kept, { kind: 'ticket', ticket });
  }

  admitted(user: User, sessionToken: string): void {
    const { openSupply, interruptedSupplies } = user.me;
    for (const kept of this.#of(user.driverId)) {
      const isLoginGood =
        kept.sessionToken !== undefined && this.#parts.users().byToken(kept.sessionToken) !== undefined;
      if (isLoginGood || isBatchOver(kept.batch)) this.#publish(kept.batch);
      else this.#keep({ ...kept, sessionToken });
    }
    for (const supply of openSupply ? [openSupply, ...interruptedSupplies] : interruptedSupplies)
      this.takeSupply(user.driverId, supply);
    for (const ticket of Object.values(user.feed.snapshot().collections.tickets ?? {}))
      this.takeTicket(user.driverId, ticket as TicketView);
    for (const kept of this.#of(user.driverId)) this.#take(kept, { kind: 'reconnected' });
  }

  async reconnected(): Promise<void> {
    for (const kept of [...this.#kept.values()]) {
      const { batch, sessionToken } = kept;
      if (isBatchOver(batch) || sessionToken === undefined || this.#parts.users().byToken(sessionToken)) continue;
      try {
        const isGood = await this.#parts.present(sessionToken);
        const now = this.#kept.get(batch.batchId);
        if (!isGood && now?.sessionToken === sessionToken) this.#keep({ ...now, sessionToken: undefined });
      } catch (error) {
        const { driverId } = batch;
        this.#parts.log.warn(
          { err: error, driverId },
          'the login of a batch could not be presented; the next lease tries again',
        );
      }
    }
  }

  stop(): void {
    this.#timer.cancel();
    this.#parts.files.stop();
  }

  #of(driverId: string): KeptBatch[] {
    return [...this.#kept.values()].filter(({ batch }) => batch.driverId === driverId);
  }

  /** The login to ask with: the batch's own, or another of the same person. */
  #tokenOf(kept: KeptBatch): string | undefined {
    const users = this.#parts.users();
    const others = users.byDriver(kept.batch.driverId)?.tokens.keys() ?? [];
    return [kept.sessionToken ?? '', ...others].find((token) => token !== '' && users.byToken(token) !== undefined);
  }

  #look(): void {
    for (const kept of [...this.#kept.values()]) {
      if (isBatchOver(kept.batch)) continue;
      const me = this.#parts.users().byDriver(kept.batch.driverId)?.me;
      const canAsk = this.#parts.isCentralReachable() && this.#tokenOf(kept) !== undefined;
      const isDriverFree = me !== undefined && !me.openSupply && !me.pendingRequest;
      this.#take(kept, { kind: 'look', canAsk, isDriverFree });
    }
  }

  #take(kept: KeptBatch, event: BatchEvent): void {
    const before = this.#kept.get(kept.batch.batchId) ?? kept;
    const { batch, effects } = decideBatch(before.batch, event, this.#parts.clock.nowMs());
    // Kept before anything is sent: after a kill in between the same request is asked again.
    if (batch !== before.batch) this.#keep({ ...before, batch });
    for (const effect of effects) void this.#carryOut({ ...before, batch }, effect);
  }

  async #carryOut(kept: KeptBatch, effect: BatchEffect): Promise<void> {
    const sessionToken = this.#tokenOf(kept);
    if (sessionToken === undefined) return;
    const { link, log } = this.#parts;
    try {
      if (effect.kind === 'stop')
        return await link.request('stop-requested', { sessionToken, supplyId: effect.supplyId }, () => undefined);
      const { cpId, requestId } = effect;
      await link.request('supply-requested', { requestId, sessionToken, cpId, origin: 'BATCH' }, (answer) => {
        if (answer?.type !== 'request-refused') return;
        this.#take(kept, { kind: 'refused', requestId, refusal: answer.body.refusal });
      });
    } catch (error) {
      // No channel: the rule asks again.
      log.debug({ err: error, batchId: kept.batch.batchId }, 'a batch could not ask');
    }
  }

  #keep(kept: KeptBatch): void {
    // Once it is over nothing needs the login any more, and a secret is kept no longer than needed.
    const lasting = isBatchOver(kept.batch) ? { ...kept, sessionToken: undefined } : kept;
    this.#parts.files.save(lasting);
    this.#kept.set(kept.batch.batchId, lasting);
    this.#publish(kept.batch);
  }

  #publish(batch: Batch): void {
    this.#parts.users().byDriver(batch.driverId)?.feed.set('batches', batch.batchId, batch);
  }

  #forgetOld(driverId: string): void {
    const over = this.ofDriver(driverId).filter(isBatchOver);
    const oldestMs = this.#parts.clock.nowMs() - KEPT_FOR_MS;
    for (const [place, batch] of over.entries()) {
      if (place < KEPT_PER_DRIVER && batch.createdAtMs > oldestMs) continue;
      this.#parts.files.remove(batch.batchId);
      this.#kept.delete(batch.batchId);
      this.#parts.users().byDriver(driverId)?.feed.set('batches', batch.batchId, null);
    }
  }
}
