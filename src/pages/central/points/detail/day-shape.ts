/** `[atMs, temperature in 1/100 degree, 1 if simulated]`, as Central gives it. */
export type DayReading = readonly number[];
type Thresholds = { minCc: number; maxCc: number };

/** The picture of a day's temperatures in 100 x 100, y from the top. */
export type DayShape = {
  /** Lines without a gap; simulated readings are lines of their own. */
  measured: string;
  simulated: string;
  /** Heights of the limits, if they are in the picture. */
  minY: number | undefined;
  maxY: number | undefined;
  /** Stretches of time outside the limits: left edge and width. */
  alerts: { x: number; width: number }[];
  topCc: number;
  bottomCc: number;
};

/** Longer without a reading is a gap, not a line (ux 5). */
const GAP_MS = 15 * 60_000;
const MARGIN_CC = 200;
const round = (value: number) => Math.round(value * 100) / 100;

function linesOf(readings: readonly DayReading[], isSimulated: boolean, at: (reading: DayReading) => string): string {
  let path = '';
  for (const [place, reading] of readings.entries()) {
    const before = readings[place - 1];
    if ((reading[2] === 1) !== isSimulated) continue;
    const isJoined = before !== undefined && reading[0]! - before[0]! <= GAP_MS && (before[2] === 1) === isSimulated;
    path += `${isJoined ? 'L' : 'M'}${at(reading)}`;
  }
  return path;
}

/** Where everything of a day stands; limits far from the temperatures are left out, so that the curve can be read. */
export function dayShape(readings: readonly DayReading[], thresholds: Thresholds | undefined): DayShape {
  const temperatures = readings.map(([, cc = 0]) => cc);
  const [low, high] = [Math.min(...temperatures), Math.max(...temperatures)];
  const reach = Math.max(1_000, high - low);
  const near = (cc: number | undefined) => (cc !== undefined && cc > low - reach && cc < high + reach ? [cc] : []);
  const shown = [...near(thresholds?.minCc), ...near(thresholds?.maxCc)];
  const topCc = Math.ceil((Math.max(high, ...shown) + MARGIN_CC) / 100) * 100;
  const bottomCc = Math.floor((Math.min(low, ...shown) - MARGIN_CC) / 100) * 100;
  const fromMs = readings[0]?.[0] ?? 0;
  const spanMs = Math.max(1, (readings.at(-1)?.[0] ?? 0) - fromMs);
  const x = (atMs: number) => round(((atMs - fromMs) / spanMs) * 100);
  const y = (cc: number) => round(((topCc - cc) / (topCc - bottomCc)) * 100);
  const at = ([atMs = 0, cc = 0]: DayReading) => `${x(atMs)} ${y(cc)}`;
  const isOutside = (cc: number) => thresholds !== undefined && (cc < thresholds.minCc || cc > thresholds.maxCc);
  const alerts: DayShape['alerts'] = [];
  for (const [place, [atMs = 0, cc = 0]] of readings.entries()) {
    const next = readings[place + 1]?.[0];
    if (!isOutside(cc) || next === undefined || next - atMs > GAP_MS) continue;
    const last = alerts.at(-1);
    if (last && round(last.x + last.width) === x(atMs)) last.width = round(x(next) - last.x);
    else alerts.push({ x: x(atMs), width: round(x(next) - x(atMs)) });
  }
  const [minY, maxY] = [near(thresholds?.minCc)[0], near(thresholds?.maxCc)[0]];
  return {
    measured: linesOf(readings, false, at),
    simulated: linesOf(readings, true, at),
    minY: minY === undefined ? undefined : y(minY),
    maxY: maxY === undefined ? undefined : y(maxY),
    ...{ alerts, topCc, bottomCc },
  };
}
