import type { Dice } from './crash-model-dice.ts';
import type { FakeClock } from './fake-clock.ts';

/** Kafka and the sockets as a bad day shows them: in a storm, messages are late, doubled, overtaken or lost. */
export interface FakeTransport {
  /** By channel: handed over, perhaps later, perhaps twice, perhaps never. */
  send(deliver: () => void): void;
  /** By socket: in order and once, if the other end lives. */
  sendBySocket(deliver: () => void): void;
  /** The broker is gone: nothing comes through a channel. */
  setCut(isCut: boolean): void;
  setStormy(isStormy: boolean): void;
  isStormy(): boolean;
}

const LOSS = 0.08;
const REPEAT = 0.15;
const LATE = 0.15;
const VERY_LATE = 0.03;

/** A transport on a fake clock. */
export function createFakeTransport(clock: FakeClock, dice: Dice): FakeTransport {
  let isStormy = false;
  let isCut = false;
  const delayMs = (): number => {
    if (isStormy && dice.chance(VERY_LATE)) return dice.between(10_000, 240_000);
    if (isStormy && dice.chance(LATE)) return dice.between(100, 6_000);
    return dice.between(2, 40);
  };
  return {
    send: (deliver) => {
      if (isCut || (isStormy && dice.chance(LOSS))) return;
      clock.after(delayMs(), deliver);
      if (isStormy && dice.chance(REPEAT)) clock.after(delayMs(), deliver);
    },
    sendBySocket: (deliver) => {
      clock.after(3, deliver);
    },
    setCut: (next) => {
      isCut = next;
    },
    setStormy: (next) => {
      isStormy = next;
    },
    isStormy: () => isStormy,
  };
}
