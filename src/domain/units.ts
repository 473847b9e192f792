/** Milliseconds of the spans that rules are written in. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Largest value of an `integer` column; energy and amounts stay below it. */
export const MAX_INTEGER = 2_147_483_647;
