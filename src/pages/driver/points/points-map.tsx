import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Maximize, Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import type { PointState } from '../../../domain/vocabulary.ts';
import type { PointCard } from '../../../messages/entities.ts';
import { useFormats } from '../../shared/i18n.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import styles from './map.module.css';
import { fitView, gridOf, isPlaced, labelsOf, type MapPin, type MapView, moved, pinsOf, zoomed } from './map-view.ts';
import { PointCardView } from './point-card.tsx';

const STEP = 0.3;
/** Free first: where several points share a pin, a driver looks for that one. */
const PIN_ORDER: readonly PointState[] = ['AVAILABLE', 'CHARGING', 'OUT_OF_SERVICE', 'FAULTED', 'DISCONNECTED'];
const percent = (share: number) => `${share * 100}%`;

function stateOfPin({ points }: MapPin): PointState {
  return PIN_ORDER.find((state) => points.some((point) => point.state === state)) ?? 'DISCONNECTED';
}

function Pin({ pin, isChosen, onPress }: { pin: MapPin; isChosen: boolean; onPress(): void }) {
  const { t } = useDriverTexts();
  const [first] = pin.points;
  const state = stateOfPin(pin);
  const Icon = STATE_ICONS[state];
  const isGroup = pin.points.length > 1;
  const free = pin.points.filter((point) => point.state === 'AVAILABLE').length;
  const label = isGroup
    ? t('driver.mapGroup', { n: pin.points.length, free })
    : `${first?.cpId}: ${t(`state.driver.${state}`)}`;
  return (
    <button
      type="button"
      className={styles.pin}
      style={{ left: percent(pin.x), top: percent(pin.y) }}
      data-state={state}
      data-group={isGroup}
      data-testid={`pin-${pin.key}`}
      aria-label={label}
      title={label}
      aria-pressed={isChosen}
      onClick={onPress}
    >
      <Icon size={18} aria-hidden="true" />
      {isGroup ? <span aria-hidden="true">{pin.points.length}</span> : null}
    </button>
  );
}

/** Lines of the globe and names of cities: enough to know where north is, without a map of anybody else's. */
function Ground({ view, points }: { view: MapView; points: readonly PointCard[] }) {
  const formats = useFormats();
  const { meridians, parallels } = gridOf(view);
  return (
    <div className={styles.ground} aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {meridians.map(([degrees, x]) => (
          <line key={degrees} x1={x * 100} x2={x * 100} y1="0" y2="100" />
        ))}
        {parallels.map(([degrees, y]) => (
          <line key={degrees} x1="0" x2="100" y1={y * 100} y2={y * 100} />
        ))}
      </svg>
      {meridians.map(([degrees, x]) => (
        <span key={degrees} className={styles.degreeX} style={{ left: percent(x) }}>
          {formats.number(degrees)}°
        </span>
      ))}
      {parallels.map(([degrees, y]) => (
        <span key={degrees} className={styles.degreeY} style={{ top: percent(y) }}>
          {formats.number(degrees)}°
        </span>
      ))}
      {labelsOf(points, view).map((label) => (
        <span key={label.text} className={styles.city} style={{ left: percent(label.x), top: percent(label.y) }}>
          {label.text}
        </span>
      ))}
    </div>
  );
}

function Controls({ view, onView }: { view: MapView; onView(view: MapView | undefined): void }) {
  const { t } = useDriverTexts();
  const buttons = [
    { name: t('driver.mapIn'), Icon: Plus, act: () => onView(zoomed(view, 0.5)) },
    { name: t('driver.mapOut'), Icon: Minus, act: () => onView(zoomed(view, 2)) },
    { name: t('driver.mapNorth'), Icon: ArrowUp, act: () => onView(moved(view, { x: 0, y: STEP })) },
    { name: t('driver.mapSouth'), Icon: ArrowDown, act: () => onView(moved(view, { x: 0, y: -STEP })) },
    { name: t('driver.mapWest'), Icon: ArrowLeft, act: () => onView(moved(view, { x: -STEP, y: 0 })) },
    { name: t('driver.mapEast'), Icon: ArrowRight, act: () => onView(moved(view, { x: STEP, y: 0 })) },
    { name: t('driver.mapAll'), Icon: Maximize, act: () => onView(undefined) },
  ];
  return (
    <div className={styles.controls}>
      {buttons.map(({ name, Icon, act }) => (
        <button key={name} type="button" aria-label={name} title={name} onClick={act}>
          <Icon size={20} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

/** The points of the list on a map; a pin shows its point beneath, a group comes nearer. */
export function PointsMap({ points, onCharge }: { points: readonly PointCard[]; onCharge(point: PointCard): void }) {
  const { t } = useDriverTexts();
  const [chosenView, setView] = useState<MapView>();
  const [chosenId, setChosenId] = useState('');
  const view = chosenView ?? fitView(points);
  const pins = pinsOf(points, view);
  const chosen = points.find((point) => point.cpId === chosenId);
  const unplaced = points.filter((point) => !isPlaced(point));
  const press = (pin: MapPin) => {
    const closer = fitView(pin.points);
    // Points of one street stay one pin at any distance: show the first, and the others after it.
    if (pin.points.length > 1 && closer.width < view.width * 0.9) return setView(closer);
    const place = pin.points.findIndex((point) => point.cpId === chosenId);
    setChosenId(pin.points[(place + 1) % pin.points.length]?.cpId ?? '');
  };
  return (
    <div className={styles.frame} data-testid="map">
      <section className={styles.map} aria-label={t('driver.map')}>
        <Ground view={view} points={points} />
        {pins.map((pin) => (
          <Pin
            key={pin.key}
            pin={pin}
            isChosen={pin.points.some((point) => point.cpId === chosenId)}
            onPress={() => press(pin)}
          />
        ))}
      </section>
      <Controls view={view} onView={setView} />
      <div aria-live="polite">
        {chosen ? <PointCardView point={chosen} onCharge={onCharge} /> : <p className="muted">{t('driver.mapHint')}</p>}
      </div>
      {unplaced.length > 0 ? (
        <p className="muted">
          {t('driver.unplaced', { n: unplaced.length })}: {unplaced.map((point) => point.cpId).join(', ')}
        </p>
      ) : null}
    </div>
  );
}
