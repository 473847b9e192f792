import type { ClientChannel, ClientChannelOptions, SendOptions } from '../io/channels/client-channel-options.ts';
import { newRandomId } from '../io/new-id.ts';
import {
  type CentralToEngine,
  type EngineToCentral,
  engineToCentral,
  type PointIdentity,
} from '../messages/engine-central.ts';
import { compileCatalogue } from '../messages/validators.ts';

const toCentral = compileCatalogue(engineToCentral);

type Sent = {
  [K in keyof EngineToCentral]: { type: K; body: EngineToCentral[K]; ttlMs?: number };
}[keyof EngineToCentral];

/** A channel in the hands of a test: what the engine says is kept, what Central says is given by `deliver`. */
export class ScriptedChannel implements ClientChannel {
  readonly options: ClientChannelOptions;
  readonly sent: Sent[] = [];
  readonly keyIds: string[] = [];
  readonly leaseId = newRandomId();
  readonly identity = undefined;
  isUp = false;
  isStopped = false;
  clockOffsetMs = 0;
  renewals = 0;
  readonly greetedPoint: PointIdentity = {
    ...{ cpId: 'CP001', zone: 'ALC', address: 'Avenida de la Estación 8', city: 'Alicante', country: 'ES' },
    ...{ priceE4PerKwh: 4_500, maxPowerW: 50_000 },
  };

  constructor(options: ClientChannelOptions) {
    this.options = options;
    if (options.credential.kind === 'point') this.keyIds.push(options.credential.keyId);
  }

  get zone(): string | undefined {
    return this.options.zone;
  }

  async send(type: string, body: unknown, options: SendOptions = {}): Promise<void> {
    if (!this.isUp) throw new Error('no channel');
    const validator = toCentral.get(type);
    if (!validator?.isValid(body)) throw new Error(`${type}: ${validator?.complaint(body)}`);
    this.sent.push({ type, body: structuredClone(body), ttlMs: options.ttlMs } as Sent);
  }

  centralNowMs(): number {
    return Date.now() + this.clockOffsetMs;
  }

  replaceKey(keyId: string): void {
    this.keyIds.push(keyId);
  }

  renew(): void {
    this.renewals += 1;
  }

  stop(): void {
    this.isStopped = true;
    this.isUp = false;
  }

  /** The channel comes up: hello, and Central's answer. */
  greet(answer: Partial<CentralToEngine['hello-answered']> = {}): EngineToCentral['hello'] {
    const hello = structuredClone(this.options.buildHello()) as EngineToCentral['hello'];
    void this.options.onHelloAnswered(
      {
        ...{ leaseId: this.leaseId, holds: [], acknowledgedSupplyIds: [] },
        ...{ policy: { plugTimeoutMs: 120_000, monitorLoss: 'continue' } },
        point: {
          cpId: 'CP001',
          zone: 'ALC',
          address: 'x',
          city: 'y',
          country: 'ES',
          priceE4PerKwh: 4_500,
          maxPowerW: 50_000,
        },
        ...answer,
      },
      this.leaseId,
    );
    this.isUp = true;
    this.options.onStateChange?.(true);
    return hello;
  }

  deliver<T extends keyof CentralToEngine>(type: T, body: CentralToEngine[T]): void {
    const validator = this.options.validators.get(type);
    if (!validator?.isValid(body)) throw new Error(`${type}: ${validator?.complaint(body)}`);
    void this.options.onMessage({ type, body } as never);
  }

  last<T extends keyof EngineToCentral>(type: T): EngineToCentral[T] | undefined {
    return this.sent.findLast((one) => one.type === type)?.body as EngineToCentral[T] | undefined;
  }

  count(type: keyof EngineToCentral): number {
    return this.sent.filter((one) => one.type === type).length;
  }
}
