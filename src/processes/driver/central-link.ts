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
  /** A fact: sent until the broker has it, never expires. */
  tell<T extends keyof DriverToCentral>(type: T, body: DriverToCentral[T]): Promise<void>;
  /** Gives an incoming message to whoever waits for it; false when nobody does. */
  settle(message: FromCentral): boolean;
};

type Waiting = { resolve(message: FromCentral): void; timer: NodeJS.Timeout };

/** More requests than this at once are refused: each is a person waiting. */
const MAX_WAITING = 2_000;

/** Pairs requests with their answers by `correlationId`. */
export function createCentralLink(send: SendToCentral, ttlMs: number = REQUEST_TTL_MS): CentralLink {
  const waiting = new Map<string, Waiting>();
  return {
    ask(type, body) {
      if (waiting.size >= MAX_WAITING) return Promise.reject(new NoAnswer('too many requests wait for Central'));
      const id = newTimeOrderedId();
      return new Promise<FromCentral>((resolve, reject) => {
        const fail = (error: Error) => {
          clearTimeout(timer);
          waiting.delete(id);
          reject(error);
        };
        const timer = setTimeout(() => fail(new NoAnswer(`no answer to ${type}`)), ttlMs);
        waiting.set(id, { resolve, timer });
        send(type, body, { id, ttlMs }).catch((cause: unknown) =>
          fail(new NoAnswer(`${type} could not be sent`, { cause })),
        );
      });
    },
    tell: (type, body) => send(type, body, { id: newTimeOrderedId() }),
    settle(message) {
      if (message.correlationId === undefined) return false;
      const waiter = waiting.get(message.correlationId);
      if (!waiter) return false;
      waiting.delete(message.correlationId);
      clearTimeout(waiter.timer);
      waiter.resolve(message);
      return true;
    },
  };
}
