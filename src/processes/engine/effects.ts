import type { EngineEffect, EngineMessage } from '../../domain/engine-supply.ts';
import type { Log } from '../../io/log.ts';
import type { EngineToCentral } from '../../messages/engine-central.ts';
import type { CentralChannel } from './central-channel.ts';
import type { EngineJournal } from './engine-records.ts';

export type EffectsParts = {
  cpId: string;
  bootId: string;
  journal: EngineJournal;
  channel: CentralChannel;
  log: Log;
};

/** Carries decisions out, one after the other: a fact is on disk before it is told (D-06). */
export class Effects {
  readonly #parts: EffectsParts;
  #steps: (readonly EngineEffect[])[] = [];
  #running: Promise<void> | undefined;

  constructor(parts: EffectsParts) {
    this.#parts = parts;
  }

  add(effects: readonly EngineEffect[]): void {
    if (effects.length === 0) return;
    this.#steps.push(effects);
    this.#running ??= this.#run();
  }

  /** Resolves when everything decided so far is on disk and handed over. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) await this.#perform(step);
    this.#running = undefined;
  }

  async #perform(step: readonly EngineEffect[]): Promise<void> {
    const { journal, cpId, log } = this.#parts;
    for (const effect of step) {
      if (effect.kind === 'send') {
        this.#tell(effect.message);
        continue;
      }
      try {
        await journal.append(cpId, effect.entry, effect.isDurable);
      } catch (error) {
        // Not on disk, so not told; the journal reports itself and health says KO. An end is told again by its own timer.
        log.error({ err: error, cpId, entry: effect.entry.kind }, 'the journal refused an entry');
        return;
      }
    }
  }

  #tell(message: EngineMessage): void {
    const { channel, log, cpId } = this.#parts;
    const [type, body] = this.#wire(message);
    channel
      .send(type, body, { isUrgent: message.type !== 'meter-reading' })
      // Without a channel nothing is lost: hello carries every supply whole, the next reading repairs this one.
      .catch((error: unknown) => log.debug({ err: error, cpId, type }, 'not told to Central'));
  }

  #wire(message: EngineMessage): [keyof EngineToCentral, EngineToCentral[keyof EngineToCentral]] {
    switch (message.type) {
      case 'supply-accepted':
        return [message.type, { supplyId: message.supplyId }];
      case 'supply-declined':
        return [message.type, { supplyId: message.supplyId, code: message.code }];
      case 'supply-started':
      case 'supply-ended':
        return [message.type, { supply: message.record }];
      case 'meter-reading': {
        const { type, ...reading } = message;
        return [type, reading];
      }
      case 'local-hold':
        return [message.type, { bootId: this.#parts.bootId, sequence: message.sequence, isHeld: message.isHeld }];
      default:
        return message satisfies never;
    }
  }
}
