import type { CentralChannels } from '../../../io/channels/central-contract.ts';
import type { Clock, Timer } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import {
  claimOutbox,
  deleteExpiredOutbox,
  deleteOutbox,
  type OutboxRow,
  staleOutbox,
} from '../../../io/postgres/outbox.ts';
import type { MonitorLinks } from '../parts.ts';

export type OutboxParts = {
  database: Database;
  clock: Clock;
  log: Log;
  replicaId: string;
  channels(): Pick<CentralChannels, 'sendToClient' | 'sendToLease' | 'publishStatus'> | undefined;
  monitors(): Pick<MonitorLinks, 'isConnected' | 'send'> | undefined;
  sweepEveryMs?: number;
};

/** Sends what transactions have queued: at once by the owner, later by a sweep whatever was left behind. */
export type OutboxSender = {
  /** Sends committed rows; resolves when each was acknowledged or left to the sweep. */
  send(rows: readonly OutboxRow[]): Promise<void>;
  /** The acknowledgement of a supply that was closed under a revoked key goes out under that key (D-12). */
  answerUnder(supplyId: string, keyId: string): void;
  sweep(): Promise<void>;
  stop(): Promise<void>;
};

const SWEEP_EVERY_MS = 500;
const MAX_KEY_HINTS = 1_000;

/** Starts the sweep. */
export function startOutboxSender(parts: OutboxParts): OutboxSender {
  const underWay = new Set<number>();
  const keyHints = new Map<string, string>();
  const sent: number[] = [];
  let deleting: Promise<void> | undefined;
  let sweeping: Promise<void> | undefined;

  /** One delete for many rows that were acknowledged together. */
  const forgetSent = (): Promise<void> => {
    deleting ??= (async () => {
      await Promise.resolve();
      const ids = sent.splice(0);
      deleting = undefined;
      await deleteOutbox(parts.database, ids);
      for (const id of ids) underWay.delete(id);
    })();
    return deleting;
  };
  const deliver = (row: OutboxRow) => deliverRow(parts, row, keyHints);
  const sendOne = async (row: OutboxRow): Promise<void> => {
    if (underWay.has(row.outboxId)) return;
    underWay.add(row.outboxId);
    try {
      if (await deliver(row)) {
        sent.push(row.outboxId);
        await forgetSent();
      } else underWay.delete(row.outboxId);
    } catch (error) {
      underWay.delete(row.outboxId);
      parts.log.debug({ err: error, type: row.type }, 'an outgoing message waits for the next sweep');
    }
  };
  const sendAll = async (rows: readonly OutboxRow[]) => void (await Promise.all(rows.map(sendOne)));

  const sweepOnce = async () => sendAll(await claimStale(parts, underWay));
  const sweep = (): Promise<void> => {
    sweeping ??= sweepOnce()
      .catch((error: unknown) => parts.log.debug({ err: error }, 'the outbox was not swept'))
      .finally(() => {
        sweeping = undefined;
      });
    return sweeping;
  };
  const timer: Timer = parts.clock.setRepeating(() => void sweep(), parts.sweepEveryMs ?? SWEEP_EVERY_MS);
  return {
    send: sendAll,
    answerUnder(supplyId, keyId) {
      if (keyHints.size >= MAX_KEY_HINTS) keyHints.clear();
      keyHints.set(supplyId, keyId);
    },
    sweep,
    async stop() {
      timer.cancel();
      await sweeping;
    },
  };
}

/** What was left behind and may be sent from here, claimed; the rest is somebody else's. */
async function claimStale(parts: OutboxParts, underWay: ReadonlySet<number>): Promise<OutboxRow[]> {
  await deleteExpiredOutbox(parts.database);
  const links = parts.monitors();
  const isMine = (row: Pick<OutboxRow, 'transport' | 'recipient'>) =>
    row.transport !== 'MONITOR' || links?.isConnected(row.recipient) === true;
  const stale = await staleOutbox(parts.database);
  const ids = stale.filter((row) => !underWay.has(row.outboxId) && isMine(row)).map((row) => row.outboxId);
  return ids.length === 0 ? [] : claimOutbox(parts.database, ids, parts.replicaId);
}

/** True once the receiver's side has it, or nobody ever will. */
async function deliverRow(parts: OutboxParts, row: OutboxRow, keyHints: ReadonlyMap<string, string>): Promise<boolean> {
  const remainingMs = row.expiresAtMs === undefined ? undefined : Math.ceil(row.expiresAtMs - parts.clock.nowMs());
  if (remainingMs !== undefined && remainingMs <= 0) return true;
  if (row.transport === 'MONITOR') {
    const links = parts.monitors();
    return links?.isConnected(row.recipient) === true && links.send(row.recipient, row.type, row.body);
  }
  const channels = parts.channels();
  if (!channels) return false;
  if (row.transport === 'STATUS') {
    await channels.publishStatus(row.recipient, row.type, row.body);
    return true;
  }
  const options = {
    id: row.messageId,
    ...(row.correlationId !== undefined && { correlationId: row.correlationId }),
    ...(remainingMs !== undefined && { ttlMs: Math.min(remainingMs, 600_000) }),
    ...(row.type === 'supply-closed' && { keyId: keyHints.get(supplyIdOf(row.body)) }),
  };
  const outcome = row.recipient.includes(':')
    ? await channels.sendToClient(row.recipient, row.type, row.body, options)
    : await channels.sendToLease(row.recipient, row.type, row.body, options);
  return outcome === 'SENT';
}

function supplyIdOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'supplyId' in body ? String(body.supplyId) : '';
}
