import type { PointState } from '../../../domain/vocabulary.ts';
import { useFormats } from '../i18n.ts';
import { STATE_ICONS } from '../state-look.ts';
import styles from './map.module.css';
import type { MapPoint, Pin } from './map-view.ts';

const RADIUS = 19;
const TURN = 2 * Math.PI;

function arc(from: number, to: number): string {
  const at = (share: number) => `${Math.sin(share * TURN) * RADIUS} ${-Math.cos(share * TURN) * RADIUS}`;
  return `M${at(from)}A${RADIUS} ${RADIUS} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(Math.min(to, from + 0.9999))}`;
}

/** A ring whose parts are as long as each state has points. */
function Donut({ points, order }: { points: readonly MapPoint[]; order: readonly PointState[] }) {
  let from = 0;
  return (
    <svg viewBox="-24 -24 48 48" className={styles.donut} aria-hidden="true">
      {order.map((state) => {
        const share = points.filter((point) => point.state === state).length / points.length;
        if (share === 0) return null;
        const d = arc(from, from + share);
        from += share;
        return <path key={state} d={d} data-state={state} />;
      })}
    </svg>
  );
}

/** Size by power: a fast charger is a larger pin. */
function sizeOf({ maxPowerW }: MapPoint): 'small' | 'medium' | 'large' {
  return maxPowerW >= 100_000 ? 'large' : maxPowerW >= 43_000 ? 'medium' : 'small';
}

type Props = {
  pin: Pin;
  /** Which state speaks for a pin of several points: the first of these that one of them has. */
  order: readonly PointState[];
  name: string;
  /** Undefined where a press opens something else instead of choosing. */
  isChosen: boolean | undefined;
  onPress(): void;
};

/** One point with shape and icon of its state, or a ring for several. */
export function MapPin({ pin, order, name, isChosen, onPress }: Props) {
  const formats = useFormats();
  const state = order.find((one) => pin.points.some((point) => point.state === one)) ?? 'DISCONNECTED';
  const Icon = STATE_ICONS[state];
  const [first] = pin.points;
  const isOne = pin.points.length === 1;
  return (
    <button
      type="button"
      className={styles.pin}
      style={{ left: pin.at.x, top: pin.at.y }}
      data-state={state}
      data-testid={isOne ? `pin-${pin.key}` : 'cluster'}
      title={name}
      aria-label={name}
      aria-pressed={isChosen}
      onClick={onPress}
    >
      {isOne && first ? (
        <span className={styles.mark} data-size={sizeOf(first)}>
          <Icon size={18} aria-hidden="true" />
        </span>
      ) : (
        <span className={styles.cluster}>
          <Donut points={pin.points} order={order} />
          <Icon size={12} aria-hidden="true" />
          <span>{formats.number(pin.points.length)}</span>
        </span>
      )}
    </button>
  );
}
