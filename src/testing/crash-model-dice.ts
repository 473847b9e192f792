/** Repeatable chance: the same seed gives the same run. */
export interface Dice {
  chance(probability: number): boolean;
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Dice from a seed (mulberry32). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    chance: (probability) => roll() < probability,
    between: (low, high) => low + Math.floor(roll() * (high - low + 1)),
    pick: (list) => list[Math.floor(roll() * list.length)]!,
  };
}
