import { centralLive, type ReplicaNews } from '../../messages/central-live.ts';
import { CENTRAL_LIVE_TOPIC } from '../../messages/topics.ts';
import { parser, tolerant } from '../../messages/validators.ts';
import { type Clock, pause, type Timer } from '../clock.ts';
import type { SealKeys } from '../crypto/channel-key.ts';
import type { Log } from '../log.ts';
import { newTimeOrderedId } from '../new-id.ts';
import type { Rejection, RejectionCode } from './central-contract.ts';
import type { KafkaConnection } from './kafka.ts';
import type { Following } from './kafka-reader.ts';
import { type IncomingRecord, KafkaFault } from './kafka-records.ts';
import { CENTRAL, openRecord, type RecordHeaders, readHeaders, sealRecord } from './seal.ts';

export type CentralLiveOptions = {
  kafka: KafkaConnection;
  /** The replicas' own key, and the name of the network that it belongs to. */
  seal: { keyId: string; keys: SealKeys };
  replicaId: string;
  clock: Clock;
  log: Log;
  /** What is to be told now, taken away from where it waited; empty: nothing. */
  take(): ReplicaNews[];
  /** Another replica's news, once and in its order. */
  onNews(news: ReplicaNews): void;
  /** Reading begins, or begins anew: what was said before has to be read elsewhere. */
  onPositioned(): void;
  onRejected(rejection: Rejection): Promise<unknown>;
  everyMs?: number;
};

const EVERY_MS = 250;
const OPEN_AGAIN_MS = 1_000;
const CENTRALS = 'centrals';
const PARTITION = 0;
const MAX_REPLICAS = 1_000;
const parseNews = parser(tolerant(centralLive['replica-news']));

/**
 * The replicas' talk with each other (protocol 5): no group, everybody hears everything and skips its own. News that the
 * broker does not take are lost: readings are repaired by the next ones, the rest is in the database.
 */
export function startCentralLive(options: CentralLiveOptions): { stop(): void } {
  return new RunningCentralLive(options);
}

class RunningCentralLive {
  readonly #options: CentralLiveOptions;
  readonly #stopping = new AbortController();
  readonly #timer: Timer;
  /** The newest sequence by replica: a record that is sent again changes nothing. */
  readonly #heard = new Map<string, number>();
  #following: Following | undefined;
  #sequence = 0;
  #isTelling = false;

  constructor(options: CentralLiveOptions) {
    this.#options = options;
    this.#timer = options.clock.setRepeating(() => void this.#tell(), options.everyMs ?? EVERY_MS);
    void this.#open();
  }

  stop(): void {
    this.#stopping.abort();
    this.#timer.cancel();
    this.#following?.stop();
  }

  async #open(): Promise<void> {
    const { kafka, clock, log } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await kafka.ensureTopics([{ topic: CENTRAL_LIVE_TOPIC, partitions: 1 }]);
        const fromOffset = await kafka.positionAtEnd(CENTRAL_LIVE_TOPIC, PARTITION);
        if (signal.aborted) return;
        this.#following = kafka.follow({
          ...{ topic: CENTRAL_LIVE_TOPIC, partition: PARTITION, fromOffset, to: CENTRALS },
          onRecord: (record) => this.#read(record),
          onLost: () => void this.#open(),
        });
        return this.#options.onPositioned();
      } catch (error) {
        if (signal.aborted) return;
        log.debug({ err: error }, 'the talk of the Centrals cannot be read yet');
        await pause(clock, OPEN_AGAIN_MS, signal);
      }
    }
  }

  async #tell(): Promise<void> {
    if (this.#isTelling || !this.#options.kafka.isUp) return;
    this.#isTelling = true;
    try {
      for (const news of this.#options.take()) await this.#send(news);
    } catch (error) {
      const { log } = this.#options;
      if (!(error instanceof KafkaFault)) log.error({ err: error }, 'news could not be told to the other Centrals');
      else log.debug({ err: error }, 'the other Centrals did not hear some news');
    } finally {
      this.#isTelling = false;
    }
  }

  #send(news: ReplicaNews): Promise<void> {
    const { kafka, seal, replicaId, clock } = this.#options;
    this.#sequence += 1;
    const headers: RecordHeaders = {
      ...{ from: CENTRAL, to: CENTRALS, keyId: seal.keyId },
      ...{ lease: replicaId, sequence: this.#sequence },
    };
    const envelope = { id: newTimeOrderedId(), type: 'replica-news', sentAtMs: clock.nowMs(), body: news };
    const record = sealRecord({ topic: CENTRAL_LIVE_TOPIC, partition: PARTITION, headers, envelope }, seal.keys);
    return kafka.send({ ...record, isUrgent: true });
  }

  #read(record: IncomingRecord): void {
    const { seal, replicaId, onNews } = this.#options;
    const headers = readHeaders(record);
    // Another network on the same broker, or our own.
    if (headers && (headers.keyId !== seal.keyId || headers.lease === replicaId)) return;
    const news = headers?.from === CENTRAL ? this.#newsIn(record, headers) : 'MALFORMED';
    if (typeof news === 'string') this.#reject(record, news);
    else if (headers && this.#isNew(news.replicaId, headers.sequence)) onNews(news);
  }

  #newsIn(record: IncomingRecord, headers: RecordHeaders): ReplicaNews | RejectionCode {
    const envelope = openRecord(record, headers, this.#options.seal.keys);
    if (!envelope) return 'TAMPERED';
    // Only a newer Central knows other types.
    if (envelope.type !== 'replica-news') return 'UNKNOWN_TYPE';
    const news = parseNews(envelope.body);
    return news?.replicaId === headers.lease ? news : 'INVALID_BODY';
  }

  #isNew(replicaId: string, sequence: number): boolean {
    if (sequence <= (this.#heard.get(replicaId) ?? 0)) return false;
    this.#heard.set(replicaId, sequence);
    if (this.#heard.size > MAX_REPLICAS) this.#heard.delete(this.#heard.keys().next().value!);
    return true;
  }

  #reject(record: IncomingRecord, code: RejectionCode): void {
    const { onRejected, log } = this.#options;
    onRejected({ code, source: CENTRAL, record }).catch((error: unknown) =>
      log.warn({ err: error, code }, 'a rejected record was not kept'),
    );
  }
}
