import type { Refusal } from '../../domain/refusal.ts';
import { REQUEST_TTL_MS } from '../../messages/envelope.ts';

/** A start asked for at the point itself, on its way to Central (S-ENG-01). */
type Pending = { requestId: string; sentAtMs: number };

/** The one request of the point's own page: the same id twice is one request. */
export class LocalRequest {
  #pending: Pending | undefined;
  #cancelledId: string | undefined;
  #lastRefusal: { refusal: Refusal; atMs: number } | undefined;

  get pending(): Pending | undefined {
    return this.#pending;
  }

  get lastRefusal(): { refusal: Refusal; atMs: number } | undefined {
    return this.#lastRefusal;
  }

  begin(requestId: string, nowMs: number): void {
    this.#pending = { requestId, sentAtMs: nowMs };
    this.#lastRefusal = undefined;
  }

  /** The person walked away: should Central authorise it after all, it is cancelled then. */
  cancel(): boolean {
    if (!this.#pending) return false;
    this.#cancelledId = this.#pending.requestId;
    this.#pending = undefined;
    return true;
  }

  /** Central started it. True: it was cancelled meanwhile. */
  settle(requestId: string): boolean {
    if (this.#pending?.requestId === requestId) this.#pending = undefined;
    return this.#cancelledId === requestId;
  }

  refuse(requestId: string, refusal: Refusal, nowMs: number): boolean {
    if (this.#pending?.requestId !== requestId) return false;
    this.#pending = undefined;
    this.#lastRefusal = { refusal, atMs: nowMs };
    return true;
  }

  /** No answer within the request's life: nobody will answer it any more (F-15). */
  expire(nowMs: number): boolean {
    if (!this.#pending || nowMs - this.#pending.sentAtMs < REQUEST_TTL_MS) return false;
    return this.refuse(this.#pending.requestId, { code: 'SERVICE_UNAVAILABLE', detail: 'NO_ANSWER' }, nowMs);
  }
}
