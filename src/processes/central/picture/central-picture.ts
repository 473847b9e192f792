import type { OpenSupply } from '../../../domain/supply.ts';
import { amountCents } from '../../../domain/tariff.ts';
import type { Clock, Timer } from '../../../io/clock.ts';
import { createLiveFeed, type LiveFeed } from '../../../io/live/live-feed.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { ConnectedDriver } from '../../../io/postgres/login-sessions.ts';
import { type PointRecord, pointRecords } from '../../../io/postgres/points-picture.ts';
import type { PointCard } from '../../../messages/entities.ts';
import type {
  PanelMessage,
  PanelModule,
  PanelOrder,
  PanelPoint,
  PanelRefusal,
  PanelSupply,
  Upstream,
} from '../../../messages/live-stream.ts';
import type { NewPanelMessage } from '../../../messages/shown-codes.ts';
import type { Picture } from '../parts.ts';
import type { LiveReadings } from '../readings/live-readings.ts';
import type { OutgoingNews } from '../replicas/outgoing-news.ts';
import { PanelMessages } from './panel-messages.ts';
import { panelPoint, panelSupply, pointCard, publicPoint } from './point-entry.ts';

export type PictureParts = {
  database: Database;
  clock: Clock;
  log: Log;
  replicaId: string;
  readings: LiveReadings;
  plugTimeoutMs: number;
  upstream(): Upstream;
  /** Every change of what drivers are shown of a point. */
  onCard(card: PointCard): void;
  /** A zone that the picture meets for the first time: its topics must be read. */
  onZone(zone: string): void;
  /** What the other replicas cannot read in the database is told to them. */
  news: Pick<OutgoingNews, 'message' | 'order' | 'refusal'>;
};

/** Central's picture with what its own rooms need of it. */
export type CentralPicture = Picture & {
  /** False until the database has been read once. */
  readonly isLoaded: boolean;
  readonly feeds: { public: LiveFeed; operator: LiveFeed };
  /** Reads everything: at the start, and when notices may have been lost. */
  load(): Promise<void>;
  /** The open supplies with their newest figures. */
  supplies(): Iterable<PanelSupply>;
  cards(): PointCard[];
  /** Which replica has the point's Monitor, as the database said last. */
  holderOf(cpId: string): { replicaId: string; epoch: number; instanceId: string | null } | undefined;
  /** From memory: the open supply with this id. */
  openSupply(supplyId: string): OpenSupply | undefined;
  /** Which replicas live: their Monitors' points are connected, those of others are not. */
  setLiveReplicas(replicaIds: ReadonlySet<string>): void;
  /** One of them has just written something: it lives, whenever its heartbeat will be read. */
  noteReplica(replicaId: string): void;
  /** What each replica notices by itself, and tells to nobody. */
  sayHere(message: NewPanelMessage): void;
  /** What another replica has shown, or this one before it was started. */
  takeOver(shown: ShownElsewhere): void;
  setDrivers(drivers: readonly ConnectedDriver[]): void;
  setModules(modules: readonly PanelModule[]): void;
  showOrder(order: PanelOrder): void;
  showRefusal(refusal: PanelRefusal): void;
  /** Every change of a point; null when it is retired. Returns the way to stop it. */
  onPointChange(listener: (cpId: string, point: PanelPoint | null) => void): () => void;
  /** Resolves when everything asked for so far has been read. */
  settled(): Promise<void>;
  stop(): void;
};

/** Entities of the panel that are in memory only. */
export type ShownElsewhere = {
  messages?: readonly PanelMessage[];
  orders?: readonly PanelOrder[];
  refusals?: readonly PanelRefusal[];
};

const REFRESH_PAUSE_MS = 50;
const RETRY_MS = 500;
const REFUSAL_SHOWN_MS = 30_000;
const MAX_ORDERS = 500;

type Entry = { record: PointRecord; point: PanelPoint; supply: PanelSupply | undefined };

export function createPicture(parts: PictureParts): CentralPicture {
  return new RunningPicture(parts);
}

class RunningPicture implements CentralPicture {
  readonly feeds: { public: LiveFeed; operator: LiveFeed };
  readonly #parts: PictureParts;
  readonly #entries = new Map<string, Entry>();
  readonly #cpOfSupply = new Map<string, string>();
  readonly #readingIndexes = new Map<string, number>();
  readonly #messages: PanelMessages;
  readonly #listeners = new Set<(cpId: string, point: PanelPoint | null) => void>();
  readonly #timers: Timer[] = [];
  readonly #zones = new Set<string>();
  readonly #orders = new Map<string, PanelOrder>();
  #liveReplicas: ReadonlySet<string>;
  #shownDrivers = new Set<string>();
  #shownModules = new Set<string>();
  /** The question that a point's record answers: an older one that took longer changes nothing. */
  readonly #answered = new Map<string, number>();
  #questions = 0;
  #dirty = new Set<string>();
  #reading: Promise<void> | undefined;
  #nextIndex = 0;
  #isStopped = false;
  isLoaded = false;

  constructor(parts: PictureParts) {
    const { clock, upstream } = parts;
    this.#parts = parts;
    this.#liveReplicas = new Set([parts.replicaId]);
    const collect = () => this.#publishReadings();
    this.feeds = {
      public: createLiveFeed({ feed: 'public', clock, upstream, collect }),
      operator: createLiveFeed({ feed: 'operator', clock, upstream, collect }),
    };
    this.#messages = new PanelMessages(clock, (messageId, message) => this.#show('messages', messageId, message));
  }

  async load(): Promise<void> {
    const records = await this.#ask('all');
    this.isLoaded = true;
    const found = new Set(records.map((record) => record.cpId));
    this.refresh([...this.#entries.keys()].filter((cpId) => !found.has(cpId)));
  }

  refresh(cpIds: Iterable<string>): void {
    for (const cpId of cpIds) this.#dirty.add(cpId);
    if (this.#dirty.size > 0 && !this.#isStopped) this.#reading ??= this.#read();
  }

  async settled(): Promise<void> {
    while (this.#reading) await this.#reading;
  }

  points(): Iterable<PanelPoint> {
    return this.#entries.values().map((entry) => entry.point);
  }

  point(cpId: string): PanelPoint | undefined {
    return this.#entries.get(cpId)?.point;
  }

  supplies(): Iterable<PanelSupply> {
    const { readings, plugTimeoutMs } = this.#parts;
    return this.#entries.values().flatMap(({ record, supply }) => {
      const inMemory = supply && readings.newest(supply.supplyId);
      const shown = supply && panelSupply(record, { inMemory, readingIndex: supply.readingIndex, plugTimeoutMs });
      return shown ? [shown] : [];
    });
  }

  cards(): PointCard[] {
    return [...this.#entries.values()].map((entry) => pointCard(entry.point, false));
  }

  holderOf(cpId: string): ReturnType<CentralPicture['holderOf']> {
    const record = this.#entries.get(cpId)?.record;
    if (!record || record.monitorReplicaId === null) return undefined;
    const { monitorReplicaId: replicaId, monitorEpoch: epoch, monitorInstanceId: instanceId } = record;
    return { replicaId, epoch, instanceId };
  }

  openSupply(supplyId: string): OpenSupply | undefined {
    const cpId = this.#cpOfSupply.get(supplyId);
    return (cpId === undefined ? undefined : this.#entries.get(cpId)?.record.openSupply) ?? undefined;
  }

  say(message: NewPanelMessage): void {
    this.#parts.news.message(this.#messages.say(message));
  }

  sayHere(message: NewPanelMessage): void {
    this.#messages.say(message);
  }

  takeOver({ messages = [], orders = [], refusals = [] }: ShownElsewhere): void {
    for (const message of messages) this.#messages.take(message);
    for (const order of orders) this.#putOrder(order);
    for (const refusal of refusals) this.#putRefusal(refusal);
  }

  noteReplica(replicaId: string): void {
    if (!this.#liveReplicas.has(replicaId)) this.setLiveReplicas(new Set([...this.#liveReplicas, replicaId]));
  }

  setLiveReplicas(replicaIds: ReadonlySet<string>): void {
    const before = this.#liveReplicas;
    this.#liveReplicas = new Set([...replicaIds, this.#parts.replicaId]);
    if (before.symmetricDifference(this.#liveReplicas).size === 0) return;
    for (const { record } of [...this.#entries.values()]) this.#take(record);
  }

  setDrivers(drivers: readonly ConnectedDriver[]): void {
    const shown = new Set<string>();
    for (const { driverId, clientId, sinceMs } of drivers) {
      const via = clientId.slice(clientId.indexOf(':') + 1);
      const key = `${driverId}@${via}`;
      shown.add(key);
      if (!this.#shownDrivers.has(key)) this.#show('drivers', key, { driverId, via, sinceMs });
    }
    for (const key of this.#shownDrivers.difference(shown)) this.#show('drivers', key, null);
    this.#shownDrivers = shown;
  }

  setModules(modules: readonly PanelModule[]): void {
    const shown = new Set(modules.map((one) => one.moduleId));
    for (const one of modules) {
      const before = this.feeds.operator.get('modules', one.moduleId);
      if (JSON.stringify(before) !== JSON.stringify(one)) this.#show('modules', one.moduleId, one);
    }
    for (const moduleId of this.#shownModules.difference(shown)) this.#show('modules', moduleId, null);
    this.#shownModules = shown;
  }

  showOrder(order: PanelOrder): void {
    this.#putOrder(order);
    this.#parts.news.order(order);
  }

  #putOrder(order: PanelOrder): void {
    const id = `${order.orderId}:${order.cpId}`;
    const known = this.#orders.get(id);
    // Another Central's word that it was given may come after our own that it was carried out.
    if (known !== undefined && known.state !== 'SENT' && order.state === 'SENT') return;
    this.#orders.set(id, order);
    this.feeds.operator.set('orders', id, order);
    if (this.#orders.size <= MAX_ORDERS) return;
    const [oldest] = this.#orders.keys();
    this.#orders.delete(oldest!);
    this.feeds.operator.set('orders', oldest!, null);
  }

  showRefusal(refusal: PanelRefusal): void {
    this.#putRefusal(refusal);
    this.#parts.news.refusal(refusal);
  }

  #putRefusal(refusal: PanelRefusal): void {
    // A decision that was committed while Central stopped.
    if (this.#isStopped) return;
    this.#show('refusals', refusal.requestId, refusal);
    const timer = this.#parts.clock.setTimer(() => {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      this.#show('refusals', refusal.requestId, null);
    }, REFUSAL_SHOWN_MS);
    this.#timers.push(timer);
  }

  onPointChange(listener: (cpId: string, point: PanelPoint | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.feeds.public.stop();
    this.feeds.operator.stop();
    this.#listeners.clear();
  }

  /** One query for all that changed meanwhile, again and again until nothing is left. */
  async #read(): Promise<void> {
    await Promise.resolve();
    while (this.#dirty.size > 0 && !this.#isStopped) {
      const cpIds = [...this.#dirty];
      this.#dirty = new Set();
      let pauseMs = REFRESH_PAUSE_MS;
      try {
        await this.#ask(cpIds);
      } catch (error) {
        this.#parts.log.debug({ err: error }, 'the picture waits for the database');
        for (const cpId of cpIds) this.#dirty.add(cpId);
        pauseMs = RETRY_MS;
      }
      if (this.#dirty.size === 0) break;
      await new Promise<void>((resolve) => this.#parts.clock.setTimer(resolve, pauseMs));
    }
    this.#reading = undefined;
    // Something may have been marked between the last look and this line.
    if (this.#dirty.size > 0 && !this.#isStopped) this.#reading = this.#read();
  }

  /** Reads these points into the picture. */
  async #ask(cpIds: readonly string[] | 'all'): Promise<PointRecord[]> {
    this.#questions += 1;
    const question = this.#questions;
    const records = await pointRecords(this.#parts.database, cpIds);
    for (const record of records) {
      if (question < (this.#answered.get(record.cpId) ?? 0)) continue;
      this.#answered.set(record.cpId, question);
      this.#take(record);
    }
    return records;
  }

  #take(record: PointRecord): void {
    const { cpId } = record;
    const before = this.#entries.get(cpId);
    if (record.isRetired) {
      this.#forget(record, before);
      return;
    }
    if (!this.#zones.has(record.zone)) {
      this.#zones.add(record.zone);
      this.#parts.onZone(record.zone);
    }
    const isMonitorAlive = record.monitorReplicaId !== null && this.#liveReplicas.has(record.monitorReplicaId);
    const nowMs = this.#parts.clock.nowMs();
    const point = panelPoint(record, { isMonitorAlive, before: before?.point, nowMs });
    const supply = this.#supplyOf(record, before?.supply);
    this.#entries.set(cpId, { record, point, supply });
    if (JSON.stringify(before?.point) !== JSON.stringify(point)) {
      this.feeds.public.set('points', cpId, publicPoint(point));
      this.feeds.operator.set('points', cpId, point);
      const card = pointCard(point, false);
      if (!before || JSON.stringify(pointCard(before.point, false)) !== JSON.stringify(card)) this.#parts.onCard(card);
      for (const listener of this.#listeners) listener(cpId, point);
    }
    if (supply && JSON.stringify(before?.supply) !== JSON.stringify(supply)) {
      this.#show('supplies', supply.supplyId, supply);
    }
    this.#noteState(before, point);
  }

  #supplyOf(record: PointRecord, before: PanelSupply | undefined): PanelSupply | undefined {
    const supplyId = record.openSupply?.supplyId;
    if (before && before.supplyId !== supplyId) this.#closeSupply(before.supplyId);
    if (supplyId === undefined) return undefined;
    this.#cpOfSupply.set(supplyId, record.cpId);
    let readingIndex = this.#readingIndexes.get(supplyId);
    if (readingIndex === undefined) {
      readingIndex = this.#nextIndex;
      this.#nextIndex += 1;
      this.#readingIndexes.set(supplyId, readingIndex);
    }
    const { readings, plugTimeoutMs } = this.#parts;
    return panelSupply(record, { inMemory: readings.newest(supplyId), readingIndex, plugTimeoutMs });
  }

  #closeSupply(supplyId: string): void {
    const index = this.#readingIndexes.get(supplyId);
    this.#cpOfSupply.delete(supplyId);
    this.#readingIndexes.delete(supplyId);
    this.#parts.readings.drop(supplyId);
    if (index !== undefined) for (const feed of Object.values(this.feeds)) feed.dropReading(index);
    this.#show('supplies', supplyId, null);
  }

  #forget(record: PointRecord, before: Entry | undefined): void {
    if (!before) return;
    this.#entries.delete(record.cpId);
    if (before.supply) this.#closeSupply(before.supply.supplyId);
    this.#show('points', record.cpId, null);
    this.#parts.onCard(pointCard(before.point, true));
    for (const listener of this.#listeners) listener(record.cpId, null);
    this.sayHere({ level: 'info', source: 'central', code: 'CP_REMOVED', params: {}, cpId: record.cpId });
  }

  #noteState(before: Entry | undefined, point: PanelPoint): void {
    if (!this.isLoaded) return;
    const { cpId, state } = point;
    if (!before) {
      this.sayHere({ level: 'info', source: 'central', code: 'CP_ADDED', params: {}, cpId });
      return;
    }
    const from = before.point.state;
    if (from === state || state === 'CHARGING' || (from === 'CHARGING' && state === 'AVAILABLE')) return;
    const level = state === 'FAULTED' ? 'error' : state === 'AVAILABLE' ? 'info' : 'warn';
    this.sayHere({ level, source: cpId, code: 'CP_STATE', params: { from, to: state }, cpId });
  }

  #publishReadings(): void {
    for (const supplyId of this.#parts.readings.takeChanged('live')) {
      const reading = this.#parts.readings.newest(supplyId);
      const supply = this.openSupply(supplyId);
      const index = this.#readingIndexes.get(supplyId);
      if (!reading || !supply || index === undefined) continue;
      const cents = amountCents(reading.energyWh, supply.priceE4PerKwh);
      const figures = [index, reading.powerW, reading.energyWh, cents] as const;
      for (const feed of Object.values(this.feeds)) feed.setReading(figures);
    }
  }

  #show(collection: string, id: string, entity: unknown): void {
    for (const feed of Object.values(this.feeds)) feed.set(collection, id, entity);
  }
}
