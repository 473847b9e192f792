import { type ChannelLoad, type ChannelPlace, choosePlace, LEASE_LENGTH_MS } from '../../domain/channel-lease.ts';
import type { ChannelOffered, ChannelWanted } from '../../messages/channel-negotiation.ts';
import {
  CHANNELS_PER_ZONE,
  channelName,
  PARTITIONS_PER_CHANNEL,
  responseTopic,
  selectionResponseTopic,
  zoneOfSelectionTopic,
} from '../../messages/topics.ts';
import type { Clock } from '../clock.ts';
import type { ChannelKey } from '../crypto/channel-key.ts';
import type { CentralIdentity } from '../crypto/driver-handshake.ts';
import { newTimeOrderedId } from '../new-id.ts';
import type { Delivery } from './central-contract.ts';
import { answerAgreement } from './driver-agreement.ts';
import type { KafkaConnection } from './kafka.ts';
import type { OutgoingRecord } from './kafka-records.ts';
import type { KnownLeases } from './known-leases.ts';
import type { Lease, LeaseStore } from './lease-store.ts';
import { CENTRAL, OPEN_KEY, plainRecord, sealRecord } from './seal.ts';

export type SelectorOptions = {
  kafka: KafkaConnection;
  store: LeaseStore;
  leases: KnownLeases;
  identity: () => CentralIdentity;
  clock: Clock;
  leaseLengthMs?: number;
  nextSequence(): number;
};

const LOADS_FRESH_MS = 5_000;
/** A client asks a few times at most while it has no channel; an open (unproven) one costs a signature each. */
const MAX_ASKED = 6;
const ASKED_WINDOW_MS = 10_000;
const MAX_COUNTED = 50_000;

type Terms = Omit<ChannelOffered, 'agreement'>;

export type SelectorAnswer = 'GRANTED' | 'TOO_MANY_REQUESTS' | 'INVALID_BODY' | 'REPLAYED';

/** Answers `channel-wanted`: chooses the place by load, writes the lease, offers it (protocol 3, step 2). */
export class ChannelSelector {
  readonly #options: SelectorOptions;
  readonly #loads = new Map<string, { readAtMs: number; loads: ChannelLoad[] }>();
  readonly #asked = new Map<string, { sinceMs: number; count: number }>();
  granted = 0;

  constructor(options: SelectorOptions) {
    this.#options = options;
  }

  /** What became of the question. Faults of the store or the broker are thrown. */
  async answer(delivery: Delivery, key: ChannelKey | undefined): Promise<SelectorAnswer> {
    const wanted = delivery.envelope.body as ChannelWanted;
    const zone = zoneOfSelectionTopic(delivery.topic);
    if (zone === undefined || wanted.clientId !== delivery.clientId) return 'INVALID_BODY';
    if (this.#isAskingTooMuch(delivery.clientId)) return 'TOO_MANY_REQUESTS';
    const { store, leases, kafka, clock } = this.#options;
    const former = await store.newestLive(delivery.clientId, clock.nowMs());
    const place = choosePlace(await this.#loadsOf(zone), former?.zone === zone ? former : undefined, Math.random());
    const topic = channelName(zone, place.channelNumber);
    // Before the lease is written: nothing can be sent under it earlier, so the client misses nothing.
    const fromOffset = await kafka.endOffset(responseTopic(topic), place.partition);
    const lease = this.#newLease(delivery, zone, place);
    const terms: Terms = {
      leaseId: lease.leaseId,
      topic,
      partition: place.partition,
      fromOffset: String(fromOffset),
      expiresInMs: lease.expiresAtMs - lease.startsAtMs,
      serverTimeMs: lease.startsAtMs,
    };
    if (key) {
      if (!(await leases.grant(lease, undefined))) return 'REPLAYED';
      await store.endOtherBoots(delivery.clientId, wanted.bootId);
      await this.#offer(delivery, terms, (sealing) => sealRecord(sealing, key.toClient));
    } else {
      const agreed = answerAgreement(wanted, terms, this.#options.identity());
      if (!agreed) return 'INVALID_BODY';
      if (!(await leases.grant(lease, agreed.sessionKey))) return 'REPLAYED';
      await this.#offer(delivery, agreed.offer, plainRecord);
    }
    this.#count(zone, place);
    this.granted += 1;
    return 'GRANTED';
  }

  #newLease(delivery: Delivery, zone: string, place: ChannelPlace): Lease {
    const nowMs = this.#options.clock.nowMs();
    const wanted = delivery.envelope.body as ChannelWanted;
    return {
      // The question's own id: a replayed question cannot become a second lease, nor the newest one (F-10).
      leaseId: delivery.envelope.id.toLowerCase(),
      clientId: wanted.clientId,
      zone,
      channelNumber: place.channelNumber,
      partition: place.partition,
      bootId: wanted.bootId,
      startsAtMs: nowMs,
      expiresAtMs: nowMs + (this.#options.leaseLengthMs ?? LEASE_LENGTH_MS),
    };
  }

  async #offer(
    delivery: Delivery,
    offer: ChannelOffered,
    toRecord: (sealing: Parameters<typeof plainRecord>[0]) => OutgoingRecord,
  ): Promise<void> {
    const keyId = offer.agreement ? OPEN_KEY : delivery.keyId;
    const record = toRecord({
      topic: selectionResponseTopic(zoneOfSelectionTopic(delivery.topic)!),
      partition: 0,
      headers: { from: CENTRAL, to: delivery.clientId, keyId, lease: '', sequence: this.#options.nextSequence() },
      envelope: {
        id: newTimeOrderedId(),
        type: 'channel-offered',
        sentAtMs: this.#options.clock.nowMs(),
        correlationId: delivery.envelope.id,
        body: offer,
      },
    });
    await this.#options.kafka.send({ ...record, isUrgent: true });
  }

  /** Counted in the store every few seconds, and by ourselves in between: a storm of clients does not count rows each. */
  async #loadsOf(zone: string): Promise<ChannelLoad[]> {
    const nowMs = this.#options.clock.monotonicMs();
    const kept = this.#loads.get(zone);
    if (kept && nowMs - kept.readAtMs < LOADS_FRESH_MS) return kept.loads;
    const counted = await this.#options.store.loads(zone);
    const loads: ChannelLoad[] = [];
    for (let channelNumber = 0; channelNumber < CHANNELS_PER_ZONE; channelNumber += 1) {
      for (let partition = 0; partition < PARTITIONS_PER_CHANNEL; partition += 1) {
        const found = counted.find((load) => load.channelNumber === channelNumber && load.partition === partition);
        loads.push({ channelNumber, partition, clients: found?.clients ?? 0 });
      }
    }
    this.#loads.set(zone, { readAtMs: nowMs, loads });
    return loads;
  }

  #count(zone: string, place: ChannelPlace): void {
    const load = this.#loads
      .get(zone)
      ?.loads.find((one) => one.channelNumber === place.channelNumber && one.partition === place.partition);
    if (load) load.clients += 1;
  }

  #isAskingTooMuch(clientId: string): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const asked = this.#asked.get(clientId);
    if (asked && nowMs - asked.sinceMs < ASKED_WINDOW_MS) {
      asked.count += 1;
      return asked.count > MAX_ASKED;
    }
    if (this.#asked.size >= MAX_COUNTED) this.#asked.clear();
    this.#asked.set(clientId, { sinceMs: nowMs, count: 1 });
    return false;
  }
}
