import { memo } from 'react';
import { BORDER, LAND } from './iberia.ts';
import styles from './map.module.css';
import { type Box, CANARY_FRAME, type MapView, project } from './map-view.ts';

const path = (line: readonly (readonly [number, number])[]) =>
  line
    .map(([longitude, latitude]) => project(longitude, latitude))
    .map(({ x, y }) => `${x.toFixed(3)},${y.toFixed(3)}`);

const LAND_PATH = LAND.map((shape) => `M${path(shape).join('L')}Z`).join('');
const BORDER_PATH = `M${path(BORDER).join('L')}`;

const Shapes = memo(function Shapes() {
  const [corner, opposite] = CANARY_FRAME;
  return (
    <>
      <path d={LAND_PATH} className={styles.land} />
      <path d={BORDER_PATH} className={styles.border} />
      <rect
        className={styles.inset}
        x={corner.x}
        y={corner.y}
        width={opposite.x - corner.x}
        height={opposite.y - corner.y}
      />
    </>
  );
});

const GRATICULE_STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01] as const;
const GRATICULE_PX = 90;

function Graticule({ view, box }: { view: MapView; box: Box }) {
  const step = GRATICULE_STEPS.findLast((one) => one * view.pxPerDegree >= GRATICULE_PX) ?? GRATICULE_STEPS[0];
  const half = { x: box.widthPx / 2 / view.pxPerDegree, y: box.heightPx / 2 / view.pxPerDegree };
  const lines = (middle: number, reach: number) => {
    const first = Math.ceil((middle - reach) / step);
    const count = Math.floor((middle + reach) / step) - first + 1;
    return Array.from({ length: count }, (_, place) => (first + place) * step);
  };
  const [left, right] = [view.middle.x - half.x, view.middle.x + half.x];
  const [top, bottom] = [view.middle.y - half.y, view.middle.y + half.y];
  return (
    <g className={styles.graticule}>
      {lines(view.middle.x, half.x).map((x) => (
        <line key={`x${x}`} x1={x} x2={x} y1={top} y2={bottom} />
      ))}
      {lines(view.middle.y, half.y).map((y) => (
        <line key={`y${y}`} x1={left} x2={right} y1={y} y2={y} />
      ))}
    </g>
  );
}

/** Land, border and a grid; no tile, no request. */
export function BaseMap({ view, box }: { view: MapView; box: Box }) {
  const width = box.widthPx / view.pxPerDegree;
  const height = box.heightPx / view.pxPerDegree;
  return (
    <svg
      className={styles.base}
      viewBox={`${view.middle.x - width / 2} ${view.middle.y - height / 2} ${width} ${height}`}
      aria-hidden="true"
    >
      <Shapes />
      <Graticule view={view} box={box} />
    </svg>
  );
}
