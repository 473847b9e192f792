import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Maximize, Minus, Plus } from 'lucide-react';
import { type ReactNode, useMemo, useRef } from 'react';
import type { PointState } from '../../../domain/vocabulary.ts';
import { useTexts } from '../i18n.ts';
import { useBox } from '../use-box.ts';
import { BaseMap } from './base-map.tsx';
import styles from './map.module.css';
import {
  areInseparable,
  type Box,
  cityLabels,
  fitView,
  type MapPoint,
  type Pin,
  type PlacedPoint,
  pinsOf,
} from './map-view.ts';
import { MapPin } from './pin.tsx';
import { useMapView, ZOOM_STEP } from './use-map-view.ts';

const HEIGHT_REM = 40;
const LEAST_HEIGHT_REM = 16;
const WINDOW_SHARE = 0.6;
const FALLBACK_WIDTH_PX = 600;
/** A pressed pin of several points brings them this much closer. */
const CLUSTER_STEP = 2.4;

type Props = {
  placed: readonly PlacedPoint[];
  /** Which state speaks for a pin of several points: the first of these that one of them has. */
  order: readonly PointState[];
  nameOf(points: readonly MapPoint[]): string;
  chosenId?: string;
  onOpen(cpId: string): void;
  /** What stands beneath, of the pins that are in view. */
  children?(inView: readonly Pin[]): ReactNode;
};

function Controls(props: ReturnType<typeof useMapView>) {
  const { t } = useTexts();
  const { zoom, move, fitAll } = props;
  const buttons = [
    { name: t('map.in'), testId: 'zoom-in', Icon: Plus, act: () => zoom(ZOOM_STEP) },
    { name: t('map.out'), testId: 'zoom-out', Icon: Minus, act: () => zoom(1 / ZOOM_STEP) },
    { name: t('map.north'), testId: 'map-north', Icon: ArrowUp, act: () => move('ArrowUp') },
    { name: t('map.south'), testId: 'map-south', Icon: ArrowDown, act: () => move('ArrowDown') },
    { name: t('map.west'), testId: 'map-west', Icon: ArrowLeft, act: () => move('ArrowLeft') },
    { name: t('map.east'), testId: 'map-east', Icon: ArrowRight, act: () => move('ArrowRight') },
    { name: t('map.all'), testId: 'zoom-all', Icon: Maximize, act: fitAll },
  ];
  return (
    <div className={styles.controls}>
      {buttons.map(({ name, testId, Icon, act }) => (
        <button key={testId} type="button" aria-label={name} title={name} data-testid={testId} onClick={act}>
          <Icon size={20} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

/** Where the points stand, on an outline that is part of the page (ux 5): wheel, drag, keys or buttons move it, and no way is the only one. */
export function NetworkMap(props: Props) {
  const { placed, order, nameOf, chosenId, onOpen } = props;
  const { t } = useTexts();
  const sizeRef = useRef<HTMLDivElement>(null);
  const { widthPx: measuredPx, remPx } = useBox(sizeRef);
  const widthPx = measuredPx || FALLBACK_WIDTH_PX;
  const tallestPx = Math.min(HEIGHT_REM * remPx, window.innerHeight * WINDOW_SHARE, widthPx);
  const box: Box = { widthPx, heightPx: Math.max(LEAST_HEIGHT_REM * remPx, tallestPx) };
  const places = useMemo(() => placed.map(({ place }) => place), [placed]);
  const map = useMapView(box, () => fitView(places, box));
  const pins = pinsOf(placed, map.view, box);
  const press = ({ points, at }: Pin) => {
    if (points.length > 1 && !areInseparable(points)) return map.zoom(CLUSTER_STEP, at);
    // Points of one address take turns.
    const place = points.findIndex(({ cpId }) => cpId === chosenId);
    onOpen(points[(place + 1) % points.length]!.cpId);
  };
  return (
    <>
      <div className={styles.frame}>
        <Controls {...map} />
        <div ref={sizeRef} className={styles.size} style={{ height: box.heightPx }}>
          <div
            ref={map.boxRef}
            role="application"
            className={styles.map}
            aria-label={t('map.title')}
            aria-describedby="map-hint"
            data-testid="map"
            {...map.hands}
          >
            <BaseMap view={map.view} box={box} />
            {cityLabels(placed, map.view, box).map(({ city, at }) => (
              <span key={city} className={styles.city} style={{ left: at.x, top: at.y }} aria-hidden="true">
                {city}
              </span>
            ))}
            {pins.map((pin) => (
              <MapPin
                key={pin.key}
                pin={pin}
                order={order}
                name={nameOf(pin.points)}
                isChosen={chosenId === undefined ? undefined : pin.points.some(({ cpId }) => cpId === chosenId)}
                onPress={() => press(pin)}
              />
            ))}
          </div>
        </div>
        <p id="map-hint" className={styles.hint}>
          {t('map.hint')}
        </p>
      </div>
      {props.children?.(pins)}
    </>
  );
}
