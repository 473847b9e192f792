import type { Dice } from './crash-model-dice.ts';
import type { FakeClock } from './fake-clock.ts';

/** Kafka and the sockets as a bad day shows them: in a storm, messages are late, doubled, overtaken or lost. */
export interface FakeTransport {
  /** Hands the message over, perhaps later, perhaps twice, perhaps never. */
  send(deliver: () => void): void;
  setStormy(isStormy: boolean): void;
  isStormy(): boolean;
}

const LOSS = 0.08;
const REPEAT = 0.08;
const LATE = 0.12;
const VERY_LATE = 0.03;

/** A transport on a fake clock. */
export function createFakeTransport(clock: FakeClock, dice: Dice): FakeTransport {
  let isStormy = false;
  const delayMs = (): number => {
    if (isStormy && dice.chance(VERY_LATE)) return dice.between(10_000, 240_000);
    if (isStormy && dice.chance(LATE)) return dice.between(500, 9_000);
    return dice.between(2, 40);
  };
  return {
    send: (deliver) => {
      if (isStormy && dice.chance(LOSS)) return;
      clock.after(delayMs(), deliver);
      if (isStormy && dice.chance(REPEAT)) clock.after(delayMs(), deliver);
    },
    setStormy: (next) => {
      isStormy = next;
    },
    isStormy: () => isStormy,
  };
}
