import { inboundTopics, statusTopic, zoneTopics } from '../../messages/topics.ts';
import { pause, type Timer } from '../clock.ts';
import type { ChannelKey } from '../crypto/channel-key.ts';
import { BrokerSkew } from './broker-skew.ts';
import {
  CENTRAL_GROUP,
  type CentralChannelFigures,
  type CentralChannels,
  type CentralChannelsOptions,
  type Delivery,
  DISPATCH_LIMITS,
  type DispatchLimits,
  type Rejection,
  type SendOutcome,
} from './central-contract.ts';
import { CentralSender } from './central-sender.ts';
import { ChannelSelector } from './channel-selector.ts';
import { Dispatch, GIVEN_UP, type Task } from './dispatch.ts';
import { Inbound, needsRenewal, type Opened } from './inbound.ts';
import type { GroupReader } from './kafka-group.ts';
import { headerText } from './kafka-records.ts';
import { KnownLeases } from './known-leases.ts';

const ALIVE_EVERY_MS = 3_000;
const SWEEP_EVERY_MS = 60_000;
const TOPICS_AGAIN_MS = 1_000;
const QUESTION_TTL_MS = 5_000;
/** Less than leases are kept: a question replayed later than its lease is remembered is too old by its own time. */
const QUESTION_WITHIN_MS = 3_600_000;

/** Central's half of all channels. It may start before the broker and the database exist: `ready` tells when it reads. */
export function startCentralChannels(options: CentralChannelsOptions): CentralChannels {
  const channels = new RunningChannels(options);
  channels.begin();
  return channels;
}

/** The first try of a record, as far as it went at once. */
type Begun = { opened: Opened | Promise<Opened> | undefined; underWay: Promise<unknown> | undefined };

class RunningChannels implements CentralChannels {
  readonly #options: CentralChannelsOptions;
  readonly #limits: DispatchLimits;
  readonly #zones: Set<string>;
  readonly #leases: KnownLeases;
  readonly #inbound: Inbound;
  readonly #sender: CentralSender;
  readonly #selector: ChannelSelector;
  readonly #dispatch: Dispatch;
  readonly #group: GroupReader;
  readonly #skew: BrokerSkew;
  readonly #stopping = new AbortController();
  readonly #timers: Timer[] = [];
  readonly #ready = Promise.withResolvers<void>();
  #forgetKafka: () => void = () => undefined;
  #isReading = false;
  #handled = 0;
  #rejected = 0;
  #expired = 0;
  #replayed = 0;
  #retried = 0;

  constructor(options: CentralChannelsOptions) {
    const { kafka, clock, log, keys, identity } = options;
    this.#options = options;
    this.#limits = { ...DISPATCH_LIMITS, ...options.limits };
    this.#zones = new Set(options.zones);
    this.#skew = new BrokerSkew(clock);
    this.#leases = new KnownLeases(options.leases, options.secrets, clock);
    const { validators } = options;
    this.#inbound = new Inbound({
      keys,
      leases: this.#leases,
      validators,
      clock,
      brokerSkewMs: () => this.brokerSkewMs,
    });
    this.#sender = new CentralSender({ kafka, leases: this.#leases, keys, identity, clock });
    this.#selector = new ChannelSelector({
      kafka,
      store: options.leases,
      leases: this.#leases,
      identity,
      clock,
      leaseLengthMs: options.leaseLengthMs,
      nextSequence: () => this.#sender.nextSequence(),
    });
    this.#dispatch = new Dispatch({
      limits: this.#limits,
      clock,
      log,
      seriesOf: (record) => headerText(record, 'from'),
      work: (task) => this.#work(task),
      commit: (offsets) => this.#group.commit(offsets),
      onDrained: () => this.#group.poke(),
    });
    this.#group = kafka.groupReader({
      groupId: options.groupId ?? CENTRAL_GROUP,
      groupInstanceId: options.replicaId,
      topics: [],
      onRecords: (records) => this.#dispatch.accept(records),
      onRevoked: (partitions) => {
        this.#dispatch.forget(partitions);
        options.onRevoked?.(partitions);
      },
      onAssigned: () => options.onAssigned?.(),
      isOpen: () => this.#dispatch.isOpen(),
    });
    this.#ready.promise.catch(() => undefined);
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  get brokerSkewMs(): number {
    return this.#skew.skewMs;
  }

  get figures(): CentralChannelFigures {
    return {
      handled: this.#handled,
      rejected: this.#rejected,
      expired: this.#expired,
      replayed: this.#replayed,
      retried: this.#retried,
      queued: this.#dispatch.queued,
      atWork: this.#dispatch.running,
      leasesGranted: this.#selector.granted,
    };
  }

  begin(): void {
    const { clock, kafka, log, aliveEveryMs } = this.#options;
    const starting = this.#start();
    starting.then(this.#ready.resolve, this.#ready.reject);
    starting.catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) log.error({ err: error }, 'the channels could not be opened');
    });
    this.#timers.push(
      clock.setRepeating(() => void this.#beat(), aliveEveryMs ?? ALIVE_EVERY_MS),
      clock.setRepeating(() => void this.#sweep(), SWEEP_EVERY_MS),
    );
    // A broker that comes back empty gets its topics again.
    this.#forgetKafka = kafka.onStateChange((isUp) => {
      if (isUp && this.#isReading) void this.#restoreTopics();
    });
  }

  async addZone(zone: string): Promise<void> {
    await this.#ensureZones([zone]);
    this.#zones.add(zone);
    await this.#ready.promise;
    await this.#group.addTopics(inboundTopics(zone));
    await this.#group.positioned();
    await this.#beat();
  }

  sendToLease(
    ...[leaseId, type, body, options = {}]: Parameters<CentralChannels['sendToLease']>
  ): Promise<SendOutcome> {
    return this.#sender.toLease(leaseId, { type, body }, options);
  }

  sendToClient(
    ...[clientId, type, body, options = {}]: Parameters<CentralChannels['sendToClient']>
  ): Promise<SendOutcome> {
    return this.#sender.toClient(clientId, { type, body }, options);
  }

  publishStatus(zone: string, type: string, body: unknown): Promise<void> {
    return this.#sender.publishStatus(zone, type, body);
  }

  async statusOffsets(): Promise<Record<string, string>> {
    const topics = [...this.#zones].map(statusTopic);
    const ends = await Promise.all(topics.map((topic) => this.#options.kafka.endOffset(topic, 0)));
    return Object.fromEntries(topics.map((topic, index) => [topic, String(ends[index])]));
  }

  async stop(): Promise<void> {
    this.#isReading = false;
    this.#stopping.abort();
    this.#forgetKafka();
    for (const timer of this.#timers) timer.cancel();
    await this.#dispatch.stop();
    await this.#group.close();
    this.#ready.reject(new Error('the channels were stopped'));
  }

  async #start(): Promise<void> {
    await this.#ensureTopics();
    // The broker's skew is known before the first request is judged by its age.
    await this.#beat();
    await this.#group.start();
    await this.#group.addTopics([...this.#zones].flatMap(inboundTopics));
    await this.#group.positioned();
    this.#isReading = true;
  }

  // A broker on a busy computer may serve new topics only after many seconds: asked again for as long as it takes.
  async #ensureTopics(): Promise<void> {
    const { clock, log } = this.#options;
    for (;;) {
      try {
        return await this.#ensureZones([...this.#zones]);
      } catch (error) {
        if (this.#stopping.signal.aborted) throw error;
        log.warn({ err: error }, 'the topics are not there yet');
        await pause(clock, TOPICS_AGAIN_MS, this.#stopping.signal);
      }
    }
  }

  /** Rights before topics: a client that finds a topic may use it. */
  async #ensureZones(zones: readonly string[]): Promise<void> {
    await this.#options.kafka.ensureRights(zones);
    await this.#options.kafka.ensureTopics(zones.flatMap(zoneTopics));
  }

  async #restoreTopics(): Promise<void> {
    try {
      await this.#ensureZones([...this.#zones]);
      await this.#group.addTopics([...this.#zones].flatMap(inboundTopics));
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#options.log.warn({ err: error }, 'topics could not be looked over');
    }
  }

  async #beat(): Promise<void> {
    const { replicaId, clock, kafka, log } = this.#options;
    const [first, ...others] = [...this.#zones];
    if (first === undefined) return;
    const body = () => ({ replicaId, atMs: clock.nowMs() });
    try {
      await this.#skew.measure(
        () => this.publishStatus(first, 'central-alive', body()),
        () => kafka.newestTimestampMs(statusTopic(first), 0),
      );
      await Promise.all(others.map((zone) => this.publishStatus(zone, 'central-alive', body())));
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.debug({ err: error }, 'no sign of life sent');
    }
  }

  async #sweep(): Promise<void> {
    try {
      await this.#options.leases.sweep(this.#options.clock.nowMs());
    } catch (error) {
      this.#options.log.debug({ err: error }, 'leases not swept');
    }
  }

  /** Must not fail. A reading with a known key and lease runs through without a promise. */
  #work(task: Task): undefined | Promise<unknown> {
    const opened = this.#open(task);
    if (opened && 'delivery' in opened && this.#isPlain(opened.delivery)) {
      const handled = this.#handleNow(opened.delivery);
      if (handled === 'in-memory') {
        this.#handled += 1;
        return undefined;
      }
      return this.#persist(task, { opened, underWay: handled });
    }
    return this.#persist(task, { opened, underWay: undefined });
  }

  /** Undefined: opening failed (a key could not be asked for) and is to be tried again. */
  #open({ record }: Task): Opened | Promise<Opened> | undefined {
    try {
      return this.#inbound.open(record);
    } catch {
      return undefined;
    }
  }

  #isPlain(delivery: Delivery): boolean {
    const { type, ttlMs } = delivery.envelope;
    const isOrdinary = type !== 'channel-wanted' && type !== 'hello' && ttlMs === undefined;
    return isOrdinary && !needsRenewal(delivery, this.#options.clock.nowMs());
  }

  #handleNow(delivery: Delivery): 'in-memory' | Promise<unknown> {
    try {
      return this.#options.onMessage(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Repeats until it is done: for ever while the fault says `canRetry`, else a few times, then it is rejected. */
  async #persist(task: Task, begun: Begun): Promise<typeof GIVEN_UP | undefined> {
    const { clock, log } = this.#options;
    let { opened, underWay } = begun;
    for (let tries = 1; ; tries += 1) {
      try {
        if (underWay) {
          await underWay;
          this.#handled += 1;
        } else await this.#handle(await (opened ?? this.#inbound.open(task.record)));
        return undefined;
      } catch (error) {
        // What was begun in the first try has failed with it.
        underWay = undefined;
        if (opened instanceof Promise) opened = undefined;
        if (task.isForgotten || this.#stopping.signal.aborted) return GIVEN_UP;
        const canRetry = error instanceof Error && 'canRetry' in error && error.canRetry === true;
        if (tries === 1 || tries % 50 === 0)
          log.error({ err: error, tries, canRetry }, 'a message could not be handled');
        if (!canRetry && tries >= this.#limits.tries) {
          await this.#reject({ code: 'HANDLER_FAILED', source: headerText(task.record, 'from'), record: task.record });
          return undefined;
        }
        this.#retried += 1;
        const delayMs = Math.min(this.#limits.lastRetryMs, this.#limits.firstRetryMs * 2 ** Math.min(tries - 1, 10));
        await pause(clock, delayMs, this.#stopping.signal);
        if (task.isForgotten || this.#stopping.signal.aborted) return GIVEN_UP;
      }
    }
  }

  async #handle(opened: Opened): Promise<void> {
    if ('rejection' in opened) return this.#reject(opened.rejection);
    const { delivery, key } = opened;
    const { type } = delivery.envelope;
    if (this.#isExpired(delivery)) {
      this.#expired += 1;
      // A client that still waits asks again: an old question about a channel is nobody's business.
      if (type !== 'channel-wanted' && type !== 'hello') await this.#options.onExpired(delivery);
      return;
    }
    if (type === 'channel-wanted') return this.#offer(delivery, key);
    if (type === 'hello') await this.#answerHello(delivery);
    else await this.#options.onMessage(delivery);
    this.#handled += 1;
    const isLasting = delivery.keyState !== 'REVOKED';
    if (key && isLasting && needsRenewal(delivery, this.#options.clock.nowMs())) {
      await this.#sender.tellToRenew(delivery, key);
    }
  }

  async #offer(delivery: Delivery, key: ChannelKey | undefined): Promise<void> {
    const answer = await this.#selector.answer(delivery, key);
    if (answer === 'GRANTED') return;
    if (answer === 'REPLAYED') this.#replayed += 1;
    else await this.#reject({ code: answer, source: delivery.clientId, record: delivery.record });
  }

  async #answerHello(delivery: Delivery): Promise<void> {
    if (!delivery.lease) return;
    const { body, afterwards } = await this.#options.onHello(delivery);
    await this.sendToLease(delivery.leaseId, 'hello-answered', body, { correlationId: delivery.envelope.id });
    await afterwards?.();
  }

  /**
   * By the broker's clock, and by when the client says it was sent, in Central's clock as told by its offer: whichever is
   * older counts. A question for a channel comes before any offer, so its own time must only be near enough for its id
   * to be remembered still.
   */
  #isExpired({ envelope: { type, ttlMs, sentAtMs }, appendedAtMs }: Delivery): boolean {
    const nowMs = this.#options.clock.nowMs();
    if (type === 'channel-wanted') {
      return Math.abs(nowMs - sentAtMs) > QUESTION_WITHIN_MS || nowMs - appendedAtMs > (ttlMs ?? QUESTION_TTL_MS);
    }
    return ttlMs !== undefined && nowMs - Math.min(appendedAtMs, sentAtMs) > ttlMs;
  }

  async #reject(rejection: Rejection): Promise<void> {
    this.#rejected += 1;
    try {
      await this.#options.onRejected(rejection);
    } catch (error) {
      this.#options.log.warn({ err: error, code: rejection.code }, 'a rejected record could not be kept');
    }
  }
}
