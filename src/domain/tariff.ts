const E4_WH_PER_CENT = 100_000n;

/**
 * Price of an energy in whole euro cents: halfEven(Wh x priceE4 / 100,000), once, at the end (D-07).
 * `energyWh` and `priceE4PerKwh` are non-negative integers; exact for any of them.
 */
export function amountCents(energyWh: number, priceE4PerKwh: number): number {
  const product = BigInt(energyWh) * BigInt(priceE4PerKwh);
  const cents = product / E4_WH_PER_CENT;
  const twiceRest = (product % E4_WH_PER_CENT) * 2n;
  const isRoundedUp = twiceRest > E4_WH_PER_CENT || (twiceRest === E4_WH_PER_CENT && cents % 2n === 1n);
  return Number(isRoundedUp ? cents + 1n : cents);
}
