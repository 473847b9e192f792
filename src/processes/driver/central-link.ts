import { newTimeOrderedId } from '../../io/new-id.ts';
import type { CentralToDriver, DriverToCentral } from '../../messages/driver-central.ts';
import { REQUEST_TTL_MS } from '../../messages/envelope.ts';

/** What came from Central: one of the catalogue's messages, already checked. */
export type FromCentral = {
  [K in keyof CentralToDriver]: { type: K; body: CentralToDriver[K]; correlationId?: string };
}[keyof CentralToDriver];

/** Sends one message under the given envelope id; resolves once the broker has it. */
export type SendToCentral = (type: string, body: unknown, options: { id: string; ttlMs?: number }) => Promise<void>;

/** No answer within the request's life, or no channel: nobody knows whether it was done. */
export class NoAnswer extends Error {
  readonly code = 'CENTRAL_UNREACHABLE';
  readonly canRetry = true;
}

export type CentralLink = {
  /** A request with its answer; rejects with NoAnswer. The answer to a `login` is `login-accepted` or `login-refused`, and so on. */
  ask<T extends keyof DriverToCentral>(type: T, body: DriverToCentral[T]): Promise<FromCentral>;
  /** A request whose outcome comes by the stream: resolves when the broker has it; `onAnswer` hears a direct answer, or undefined when its life is over. */
  request<T extends keyof DriverToCentral>(
    type: T,
    body: DriverToCentral[T],
    onAnswer: (answer: FromCentral | undefined) => void,
  ): Promise<void>;
  /** A fact: sent until the broker has it, never expires. */
  tell<T extends keyof DriverToCentral>(type: T, body: DriverToCentral[T]): Promise<void>;
  /** Gives an incoming message to whoever waits for it; false when nobody does. */
  settle(message: FromCentral): boolean;
  /** Nobody waits any more: each request ends as if its life were over, and none begins. */
  stop(): void;
};

type Waiting = { settle(message: FromCentral | undefined): void };

/** More requests than this at once are refused: each is a person waiting. */
const MAX_WAITING = 2_000;

/** Pairs requests with their answers by `correlationId`. */
export function createCentralLink(send: SendToCentral, ttlMs: number = REQUEST_TTL_MS): CentralLink {
  const waiting = new Map<string, Waiting>();
  let isStopped = false;
  const expect = (settle: (message: FromCentral | undefined) => void): { id: string; forget(): void } => {
    if (isStopped) throw new NoAnswer('this application stops');
    if (waiting.size >= MAX_WAITING) throw new NoAnswer('too many requests wait for Central');
    const id = newTimeOrderedId();
    const forget = () => {
      clearTimeout(timer);
      waiting.delete(id);
    };
    const finish = (message: FromCentral | undefined) => {
      forget();
      settle(message);
    };
    const timer = setTimeout(() => finish(undefined), ttlMs);
    waiting.set(id, { settle: finish });
    return { id, forget };
  };
  const post = async (type: string, body: unknown, expected: { id: string; forget(): void }) => {
    try {
      await send(type, body, { id: expected.id, ttlMs });
    } catch (cause) {
      expected.forget();
      throw new NoAnswer(`${type} could not be sent`, { cause });
    }
  };
  return {
    async ask(type, body) {
      const answered = Promise.withResolvers<FromCentral | undefined>();
      const expected = expect(answered.resolve);
      const posted = post(type, body, expected);
      const answer = await Promise.race([answered.promise, posted.then(() => answered.promise)]);
      if (!answer) throw new NoAnswer(`no answer to ${type}`);
      return answer;
    },
    request: async (type, body, onAnswer) => post(type, body, expect(onAnswer)),
    tell: (type, body) => send(type, body, { id: newTimeOrderedId() }),
    settle(message) {
      const waiter = message.correlationId === undefined ? undefined : waiting.get(message.correlationId);
      waiter?.settle(message);
      return waiter !== undefined;
    },
    stop() {
      isStopped = true;
      for (const waiter of [...waiting.values()]) waiter.settle(undefined);
    },
  };
}
