import type { Clock } from '../../../io/clock.ts';
import { newTimeOrderedId } from '../../../io/new-id.ts';
import type { PanelMessage } from '../../../messages/live-stream.ts';
import type { NewPanelMessage } from '../../../messages/shown-codes.ts';

const MAX_KEPT = 500;
const COALESCED_WITHIN_MS = 60_000;

/** The newest 500 messages; the same one again within a minute only counts. */
export class PanelMessages {
  readonly #clock: Clock;
  readonly #show: (messageId: string, message: PanelMessage | null) => void;
  readonly #byId = new Map<string, PanelMessage>();
  readonly #newestOf = new Map<string, string>();

  constructor(clock: Clock, show: (messageId: string, message: PanelMessage | null) => void) {
    this.#clock = clock;
    this.#show = show;
  }

  /** Returns it as it is shown. */
  say(message: NewPanelMessage): PanelMessage {
    const atMs = this.#clock.nowMs();
    const sameness = samenessOf(message);
    const known = this.#byId.get(this.#newestOf.get(sameness) ?? '');
    if (known && atMs - known.atMs < COALESCED_WITHIN_MS) {
      return this.#keep(sameness, { ...known, atMs, count: known.count + 1 });
    }
    return this.#keep(sameness, { ...message, messageId: newTimeOrderedId(), atMs, count: 1 });
  }

  /** A message that another replica said. */
  take(message: PanelMessage): void {
    this.#keep(samenessOf(message), message);
  }

  #keep(sameness: string, message: PanelMessage): PanelMessage {
    this.#byId.set(message.messageId, message);
    this.#newestOf.set(sameness, message.messageId);
    this.#show(message.messageId, message);
    if (this.#byId.size > MAX_KEPT) this.#forgetOldest();
    return message;
  }

  #forgetOldest(): void {
    const [messageId] = this.#byId.keys();
    if (messageId === undefined) return;
    this.#byId.delete(messageId);
    for (const [sameness, newest] of this.#newestOf) if (newest === messageId) this.#newestOf.delete(sameness);
    this.#show(messageId, null);
  }
}

function samenessOf({ code, cpId, source, params }: Pick<PanelMessage, 'code' | 'cpId' | 'source' | 'params'>): string {
  return JSON.stringify([code, cpId, source, params]);
}
