import type { PointState } from '../../../../domain/vocabulary.ts';
import type { PanelPoint } from '../../../../messages/live-stream.ts';
import { useFormats } from '../../../shared/i18n.ts';
import { STATE_ICONS } from '../../../shared/state-look.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { SEVERITY } from '../point-order.ts';
import { countByState } from '../point-rows.ts';
import styles from './map.module.css';
import type { Pin } from './map-view.ts';

const RADIUS = 19;
const TURN = 2 * Math.PI;

function arc(from: number, to: number): string {
  const at = (share: number) => `${Math.sin(share * TURN) * RADIUS} ${-Math.cos(share * TURN) * RADIUS}`;
  return `M${at(from)}A${RADIUS} ${RADIUS} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(Math.min(to, from + 0.9999))}`;
}

/** A ring whose parts are as long as each state has points. */
function Donut({ points }: { points: readonly PanelPoint[] }) {
  const counts = countByState(points);
  let from = 0;
  return (
    <svg viewBox="-24 -24 48 48" className={styles.donut} aria-hidden="true">
      {SEVERITY.filter((state) => counts[state] > 0).map((state) => {
        const share = counts[state] / points.length;
        const d = arc(from, from + share);
        from += share;
        return <path key={state} d={d} data-state={state} />;
      })}
    </svg>
  );
}

/** Size by power: a fast charger is a larger pin. */
function sizeOf(points: readonly PanelPoint[]): 'small' | 'medium' | 'large' {
  const maxPowerW = Math.max(...points.map((point) => point.maxPowerW));
  return maxPowerW >= 100_000 ? 'large' : maxPowerW >= 43_000 ? 'medium' : 'small';
}

type Props = { pin: Pin; onOpen(cpId: string): void; onCloser(pin: Pin): void };

/** One point with shape and icon of its state, or a ring for several with the worst one's icon. */
export function MapPin({ pin, onOpen, onCloser }: Props) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const Icon = STATE_ICONS[pin.worst satisfies PointState];
  const [first] = pin.points;
  const style = { left: pin.at.x, top: pin.at.y };
  if (pin.points.length === 1 && first)
    return (
      <button
        type="button"
        className={styles.pin}
        style={style}
        data-state={pin.worst}
        data-size={sizeOf(pin.points)}
        data-testid={`pin-${first.cpId}`}
        title={`${first.cpId} · ${t(`state.panel.${pin.worst}`)}`}
        aria-label={`${first.cpId}: ${t(`state.panel.${pin.worst}`)}`}
        onClick={() => onOpen(first.cpId)}
      >
        <Icon size={16} aria-hidden="true" />
      </button>
    );
  const count = formats.number(pin.points.length);
  return (
    <button
      type="button"
      className={styles.cluster}
      style={style}
      data-state={pin.worst}
      data-testid="cluster"
      title={t('points.map.cluster', { n: count })}
      aria-label={`${t('points.map.cluster', { n: count })} (${t(`state.panel.${pin.worst}`)})`}
      onClick={() => onCloser(pin)}
    >
      <Donut points={pin.points} />
      <Icon size={12} aria-hidden="true" />
      <span>{count}</span>
    </button>
  );
}
