import { Maximize, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { PanelPoint } from '../../../../messages/live-stream.ts';
import { useFormats } from '../../../shared/i18n.ts';
import { SCROLLED_BY_KEYS } from '../../../shared/ui/parts.tsx';
import { StateBadge } from '../../../shared/ui/state-badge.tsx';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { useBox } from '../use-window.ts';
import { BaseMap } from './base-map.tsx';
import styles from './map.module.css';
import {
  type Box,
  cityLabels,
  fitView,
  type MapView,
  moved,
  type Pin,
  pinsOf,
  placedPoints,
  zoomed,
} from './map-view.ts';
import { MapPin } from './pin.tsx';

const HEIGHT_REM = 40;
const WINDOW_SHARE = 0.66;
const STEP = 1.6;
const MOVE_PX = 80;
const LISTED = 60;

const KEY_MOVES: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: MOVE_PX, y: 0 },
  ArrowRight: { x: -MOVE_PX, y: 0 },
  ArrowUp: { x: 0, y: MOVE_PX },
  ArrowDown: { x: 0, y: -MOVE_PX },
};

/** The view of the map and the hands that move it: wheel, drag, keys, buttons. */
function useMapView(box: Box, fitted: () => MapView) {
  const [chosen, setChosen] = useState<MapView>();
  const boxRef = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number }>(undefined);
  const view = chosen ?? fitted();
  const newest = useRef({ view, box });
  newest.current = { view, box };
  const zoom = (factor: number, at = { x: box.widthPx / 2, y: box.heightPx / 2 }) =>
    setChosen(zoomed(newest.current.view, factor, { at, box: newest.current.box }));
  const zoomRef = useRef(zoom);
  zoomRef.current = zoom;
  useEffect(() => {
    const element = boxRef.current;
    // React listens to the wheel passively: the page would scroll too.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element!.getBoundingClientRect();
      zoomRef.current(event.deltaY < 0 ? 1.2 : 1 / 1.2, { x: event.clientX - left, y: event.clientY - top });
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);
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
    onPointerUp() {
      drag.current = undefined;
    },
    onKeyDown(event: KeyboardEvent) {
      const move = KEY_MOVES[event.key];
      if (move) setChosen(moved(view, move));
      else if (event.key === '+') zoom(STEP);
      else if (event.key === '-') zoom(1 / STEP);
      else return;
      event.preventDefault();
    },
  };
  return { view, boxRef, hands, zoom, fitAll: () => setChosen(undefined) };
}

function SeenList({ pins, onOpen }: { pins: readonly Pin[]; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const seen = pins.flatMap((pin) => pin.points);
  return (
    <section className={styles.seen} aria-label={t('points.map.inView')} {...SCROLLED_BY_KEYS}>
      <ul>
        {seen.slice(0, LISTED).map((point) => (
          <li key={point.cpId}>
            <button type="button" onClick={() => onOpen(point.cpId)} data-testid={`map-list-${point.cpId}`}>
              <strong>{point.cpId}</strong>
              <span className="muted">{point.city}</span>
              <StateBadge state={point.state} audience="panel" />
            </button>
          </li>
        ))}
      </ul>
      {seen.length > LISTED ? (
        <p className="muted">{t('points.map.more', { n: formats.number(seen.length - LISTED) })}</p>
      ) : null}
    </section>
  );
}

function Unplaced({ points, onOpen }: { points: readonly PanelPoint[]; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  if (points.length === 0) return null;
  return (
    <details className={styles.unplaced}>
      <summary>{t('points.map.noPlace', { count: points.length })}</summary>
      <ul>
        {points.slice(0, LISTED).map(({ cpId }) => (
          <li key={cpId}>
            <button type="button" onClick={() => onOpen(cpId)}>
              {cpId}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The points where they stand, on an outline that is part of the page; the list beside it says the same (ux 5). */
export function PointMap({ points, onOpen }: { points: readonly PanelPoint[]; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const sizeRef = useRef<HTMLDivElement>(null);
  const { widthPx, remPx } = useBox(sizeRef);
  const box: Box = {
    widthPx: widthPx || 600,
    heightPx: Math.min(HEIGHT_REM * remPx, window.innerHeight * WINDOW_SHARE),
  };
  const { placed, unplaced } = useMemo(() => placedPoints(points), [points]);
  const { view, boxRef, hands, zoom, fitAll } = useMapView(box, () =>
    fitView(
      placed.map(({ place }) => place),
      box,
    ),
  );
  const pins = pinsOf(placed, view, box);
  return (
    <div className={styles.layout} data-testid="map">
      <div ref={sizeRef} className={styles.size} style={{ height: box.heightPx }}>
        <div
          ref={boxRef}
          role="application"
          className={styles.map}
          aria-label={t('points.map.title')}
          aria-describedby="map-hint"
          {...hands}
        >
          <BaseMap view={view} box={box} />
          {cityLabels(placed, view, box).map(({ city, at }) => (
            <span key={city} className={styles.city} style={{ left: at.x, top: at.y }} aria-hidden="true">
              {city}
            </span>
          ))}
          {pins.map((pin) => (
            <MapPin key={pin.key} pin={pin} onOpen={onOpen} onCloser={({ at }) => zoom(STEP * 1.5, at)} />
          ))}
          <div className={styles.buttons}>
            <button type="button" aria-label={t('points.map.zoomIn')} data-testid="zoom-in" onClick={() => zoom(STEP)}>
              <Plus size={18} aria-hidden="true" />
            </button>
            <button type="button" aria-label={t('points.map.zoomOut')} onClick={() => zoom(1 / STEP)}>
              <Minus size={18} aria-hidden="true" />
            </button>
            <button type="button" aria-label={t('points.map.all')} data-testid="zoom-all" onClick={fitAll}>
              <Maximize size={18} aria-hidden="true" />
            </button>
          </div>
        </div>
      </div>
      <div className={styles.beside}>
        <p role="status">
          {t('points.map.placed', { n: formats.number(placed.length), all: formats.number(points.length) })}
        </p>
        <p id="map-hint" className="muted">
          {t('points.map.hint')}
        </p>
        <SeenList pins={pins} onOpen={onOpen} />
        <Unplaced points={unplaced} onOpen={onOpen} />
      </div>
    </div>
  );
}
