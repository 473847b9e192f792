import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { type Box, type MapView, moved, zoomed } from './map-view.ts';

/** How much closer one press of a button or key comes. */
export const ZOOM_STEP = 1.6;
const WHEEL_STEP = 1.2;
const MOVE_PX = 80;

/** What one press of an arrow does to the picture, which moves against the direction in which one looks. */
export const MOVES = {
  ArrowUp: { x: 0, y: MOVE_PX },
  ArrowDown: { x: 0, y: -MOVE_PX },
  ArrowLeft: { x: MOVE_PX, y: 0 },
  ArrowRight: { x: -MOVE_PX, y: 0 },
} as const;

/** The view of a map and the hands that move it: wheel, drag and keys here, buttons through `zoom`, `move` and `fitAll`. */
export function useMapView(box: Box, fitted: () => MapView) {
  const [chosen, setChosen] = useState<MapView>();
  const boxRef = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number }>(undefined);
  const view = chosen ?? fitted();
  const zoom = (factor: number, at = { x: box.widthPx / 2, y: box.heightPx / 2 }) =>
    setChosen(zoomed(view, factor, { at, box }));
  const move = (key: keyof typeof MOVES) => setChosen(moved(view, MOVES[key]));
  const zoomRef = useRef(zoom);
  zoomRef.current = zoom;
  useEffect(() => {
    const element = boxRef.current;
    // React listens to the wheel passively: the page would scroll too.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element!.getBoundingClientRect();
      zoomRef.current(event.deltaY < 0 ? WHEEL_STEP : 1 / WHEEL_STEP, {
        x: event.clientX - left,
        y: event.clientY - top,
      });
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);
  const letGo = () => {
    drag.current = undefined;
  };
  const hands = {
    tabIndex: 0,
    onPointerDown(event: PointerEvent) {
      if ((event.target as HTMLElement).closest('button')) return;
      drag.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      if (!drag.current) return;
      setChosen(moved(view, { x: event.clientX - drag.current.x, y: event.clientY - drag.current.y }));
      drag.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
    onKeyDown(event: KeyboardEvent) {
      if (event.key in MOVES) move(event.key as keyof typeof MOVES);
      else if (event.key === '+') zoom(ZOOM_STEP);
      else if (event.key === '-') zoom(1 / ZOOM_STEP);
      else return;
      event.preventDefault();
    },
  };
  return { view, boxRef, hands, zoom, move, fitAll: () => setChosen(undefined) };
}
