import { startClientChannel } from '../io/channels/client-channel.ts';
import type { ChannelMessage, ClientChannel } from '../io/channels/client-channel-options.ts';
import type { KafkaConnection } from '../io/channels/kafka.ts';
import { startStatusReader } from '../io/channels/status-reader.ts';
import { systemClock } from '../io/clock.ts';
import { createLog } from '../io/log.ts';
import { newRandomId } from '../io/new-id.ts';
import { centralToDriver, centralToStatus } from '../messages/driver-central.ts';
import { centralToEngine, type EngineToCentral } from '../messages/engine-central.ts';
import { compileCatalogue } from '../messages/validators.ts';
import type { CentralWorld } from './central-world.ts';
import { until } from './until.ts';

/** A client that says only what the test tells it to, through the real channel; what it hears is kept in order. */
export type ScriptedClient = {
  channel: ClientChannel;
  bootId: string;
  heard: ChannelMessage[];
  /** What it could not read or did not know. */
  rejected: string[];
  /** Resolves with the body of the next message of this type that was not taken yet. */
  next<Body>(type: string): Promise<Body>;
  count(type: string): number;
  stop(): void;
};

type Script = { kafka: KafkaConnection; clientId: string; hello(bootId: string): unknown };

async function connect(world: CentralWorld, script: Script, bootId: string): Promise<ScriptedClient> {
  const [kind, id = ''] = script.clientId.split(':');
  const heard: ChannelMessage[] = [];
  const rejected: string[] = [];
  const taken = new Set<ChannelMessage>();
  const channel = startClientChannel({
    kafka: script.kafka,
    clientId: script.clientId,
    zone: world.zone,
    credential: kind === 'cp' ? { kind: 'point', ...world.keyOf(id) } : { kind: 'driver', caPem: world.caPem },
    bootId,
    validators: compileCatalogue(kind === 'cp' ? centralToEngine : centralToDriver),
    buildHello: () => script.hello(bootId),
    onHelloAnswered: (body, leaseId) => {
      heard.push({ type: 'hello-answered', body, leaseId } as ChannelMessage);
    },
    onMessage: (message) => void heard.push(message),
    onRejected: (code) => void rejected.push(code),
    clock: systemClock,
    log: createLog('scripted', { level: 'silent' }),
    timing: { firstRetryMs: 100, answerTimeoutMs: 3_000 },
  });
  await until(`channel of ${script.clientId}`, () => channel.isUp);
  return {
    channel,
    bootId,
    heard,
    rejected,
    count: (type) => heard.filter((message) => message.type === type).length,
    async next<Body>(type: string) {
      await until(`${script.clientId} hears ${type}`, () => heard.some((one) => one.type === type && !taken.has(one)));
      const message = heard.find((one) => one.type === type && !taken.has(one))!;
      taken.add(message);
      return message.body as Body;
    },
    stop: () => channel.stop(),
  };
}

/** An engine without rules. */
export function connectEngine(
  world: CentralWorld,
  script: { kafka: KafkaConnection; cpId: string; hello?: Partial<EngineToCentral['hello']>; bootId?: string },
): Promise<ScriptedClient> {
  const { kafka, cpId } = script;
  const hello = (bootId: string) => ({ bootId, sequence: 0, isLocalHold: false, unacknowledged: [], ...script.hello });
  return connect(world, { kafka, clientId: `cp:${cpId}`, hello }, script.bootId ?? newRandomId());
}

/** A driver process without rules. */
export function connectDriver(
  world: CentralWorld,
  script: { kafka: KafkaConnection; clientId: string },
): Promise<ScriptedClient> {
  const clientId = `driver:${script.clientId}`;
  return connect(world, { kafka: script.kafka, clientId, hello: (bootId) => ({ bootId }) }, newRandomId());
}

/** What the status topic of the zone tells a driver process. */
export function followStatus(
  client: ScriptedClient,
  kafka: KafkaConnection,
  offsets: Record<string, string>,
): { heard: { type: string; body: unknown }[]; rejected: string[]; stop(): void } {
  const heard: { type: string; body: unknown }[] = [];
  const rejected: string[] = [];
  const reader = startStatusReader({
    kafka,
    offsets,
    identity: () => client.channel.identity,
    validators: compileCatalogue(centralToStatus),
    onMessage: ({ type, body }) => void heard.push({ type, body }),
    onLost: () => undefined,
    // On a broker that is shared, zones are found that Centrals of other tests have signed.
    onRejected: (code, topic) => (topic in offsets ? rejected.push(code) : undefined),
    clock: systemClock,
    log: createLog('scripted', { level: 'silent' }),
  });
  return { heard, rejected, stop: () => reader.stop() };
}
