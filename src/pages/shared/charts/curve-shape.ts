/** A reading of a charge: [second since the plug, W, Wh]. */
export type CurvePoint = readonly number[];

export type CurveShape = {
  /** Paths in a picture of 100 x 100, y from the top; lines break where readings are missing. */
  powerLine: string;
  powerArea: string;
  energyLine: string;
  /** Height of the point's own limit, if it is in the picture. */
  limitY: number | undefined;
  topPowerW: number;
  topEnergyWh: number;
  /** The time axis: from the first reading, which is not the plug's for who looked later. */
  startSecond: number;
  spanSeconds: number;
};

const SHORTEST_SECONDS = 10;
/** A step this many times as long as its neighbours is a gap, not a line. */
const GAP_STEPS = 4;

/** The next of 1, 2, 5 x 10^n: an axis that ends on a number one can read. */
export function niceTop(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * unit >= value) ?? 10) * unit;
}

function piecesOf(points: readonly CurvePoint[]): CurvePoint[][] {
  const steps = points.slice(1).map((point, index) => point[0]! - points[index]![0]!);
  const pieces: CurvePoint[][] = [];
  for (const [index, point] of points.entries()) {
    // Old readings may be told more coarsely than new ones: what is usual is what is so nearby.
    const usual = Math.max(steps[index - 2] ?? 0, steps[index] ?? 0, 1);
    if (index === 0 || steps[index - 1]! > usual * GAP_STEPS) pieces.push([]);
    pieces.at(-1)!.push(point);
  }
  return pieces;
}

/** The picture of a charge's readings; `maxPowerW` is the point's limit. */
export function curveShape(points: readonly CurvePoint[], maxPowerW?: number): CurveShape {
  const startSecond = points[0]?.[0] ?? 0;
  const spanSeconds = Math.max(SHORTEST_SECONDS, (points.at(-1)?.[0] ?? 0) - startSecond);
  const topPowerW = niceTop(Math.max(1_000, maxPowerW ?? 0, ...points.map((point) => point[1]!)));
  const topEnergyWh = niceTop(Math.max(100, ...points.map((point) => point[2]!)));
  const round = (value: number) => Math.round(value * 100) / 100;
  const x = (point: CurvePoint) => round((100 * (point[0]! - startSecond)) / spanSeconds);
  const powerY = (point: CurvePoint) => round(100 - (100 * point[1]!) / topPowerW);
  const energyY = (point: CurvePoint) => round(100 - (100 * point[2]!) / topEnergyWh);
  const pieces = piecesOf(points);
  const line = (y: (point: CurvePoint) => number) =>
    pieces.map((piece) => `M${piece.map((point) => `${x(point)} ${y(point)}`).join('L')}`).join('');
  const area = pieces
    .map(
      (piece) =>
        `M${x(piece[0]!)} 100L${piece.map((point) => `${x(point)} ${powerY(point)}`).join('L')}L${x(piece.at(-1)!)} 100Z`,
    )
    .join('');
  return {
    ...{ powerLine: line(powerY), powerArea: area, energyLine: line(energyY) },
    limitY: maxPowerW === undefined ? undefined : round(100 - (100 * maxPowerW) / topPowerW),
    ...{ topPowerW, topEnergyWh, startSecond, spanSeconds },
  };
}

/** Which reading is nearest to a place on the time axis, a share of the picture from its left. */
export function readingAt(points: readonly CurvePoint[], shape: CurveShape, share: number): number {
  const second = shape.startSecond + share * shape.spanSeconds;
  const distance = (index: number) => Math.abs(points[index]![0]! - second);
  return points.reduce((best, _, index) => (distance(index) < distance(best) ? index : best), 0);
}
