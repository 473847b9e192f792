import { Clock, Hourglass, TriangleAlert } from 'lucide-react';
import type { PanelOrder, PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { duration, roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useEntity, useReading, useServerNow, useTick } from '../../shared/live/live-store.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { LATE_READING_MS, supplyFigures } from '../../shared/supply-figures.ts';
import { useFaultText } from '../../shared/ui/fault-text.ts';
import { Chip } from '../../shared/ui/parts.tsx';
import { pendingOrder } from '../order-rows.ts';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './points.module.css';

function LiveFigures({ supply }: { supply: PanelSupply }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useTick();
  const reading = useReading(PANEL, supply.readingIndex);
  const figures = supplyFigures(supply, reading, Math.max(nowMs, reading?.receivedAtMs ?? 0));
  const isLate =
    supply.state !== 'INTERRUPTED' && figures.readingAgeMs !== undefined && figures.readingAgeMs > LATE_READING_MS;
  return (
    <span className={styles.tileFigures} data-late={isLate}>
      {supply.state === 'INTERRUPTED' ? null : <span data-testid="tile-power">{formats.power(figures.powerW)}</span>}
      <span data-testid="tile-energy">{formats.energy(figures.energyWh)}</span>
      <span data-testid="tile-amount">{formats.money(figures.amountCents)}</span>
      <span data-testid="tile-driver">{supply.driverId ?? t('common.anonymous')}</span>
      {isLate ? (
        <Chip>
          <Clock size={12} aria-hidden="true" /> {t('common.ago', { t: roughAge(figures.readingAgeMs!) })}
        </Chip>
      ) : null}
    </span>
  );
}

function PhaseLine({ supply }: { supply: PanelSupply }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const left = supply.plugDeadlineAtMs && supply.state === 'PREPARING' ? duration(supply.plugDeadlineAtMs - nowMs) : '';
  return (
    <Chip testId="tile-phase">
      {t(`phase.${supply.state as PhaseState}`)} {left}
    </Chip>
  );
}
type PhaseState = 'REQUESTED' | 'PREPARING' | 'CHARGING' | 'ENDING' | 'INTERRUPTED';

function SecondLine({ point, supply }: { point: PanelPoint; supply: PanelSupply | undefined }) {
  const { t } = useCentralTexts();
  const faultText = useFaultText();
  const nowMs = useServerNow();
  if (point.state === 'DISCONNECTED')
    return (
      <span>
        {point.lastSeenAtMs
          ? t('central.lastSeen', { t: roughAge(nowMs - point.lastSeenAtMs) })
          : t('central.neverSeen')}
      </span>
    );
  if (point.state === 'FAULTED')
    return <span data-testid="tile-fault">{faultText(point.faultCode ?? 'ENGINE_SILENT')}</span>;
  if (point.reasons.length > 0)
    return <span data-testid="tile-reasons">{point.reasons.map((reason) => t(`reason.${reason}`)).join(' · ')}</span>;
  return supply ? null : <span>{t('central.free')}</span>;
}

function Flags({ point, supply }: { point: PanelPoint; supply: PanelSupply | undefined }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const order = pendingOrder(Object.values(useCollection<PanelOrder>(PANEL, 'orders')), point.cpId);
  return (
    <span className={styles.flags}>
      {supply && supply.state !== 'CHARGING' ? <PhaseLine supply={supply} /> : null}
      {point.pendingReasons.length > 0 ? (
        <Chip testId="tile-pending">
          <Hourglass size={12} aria-hidden="true" />
          {t('central.willStop')}
        </Chip>
      ) : null}
      {order ? (
        <Chip testId="tile-order">
          {t('central.orderSent', {
            order: t(`central.order.${order.kind as 'STOP'}`),
            s: Math.max(0, Math.round((nowMs - order.orderedAtMs) / 1_000)),
          })}
        </Chip>
      ) : null}
      {point.isRegistered ? null : (
        <Chip>
          <TriangleAlert size={12} aria-hidden="true" />
          {t('central.notRegistered')}
        </Chip>
      )}
    </span>
  );
}

/** One charging point: colour, icon, word and pattern tell its state; it draws itself again only when it changes. */
export function PointTile(props: { cpId: string; supplyId: string | undefined; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const point = useEntity<PanelPoint>(PANEL, 'points', props.cpId);
  const supply = useEntity<PanelSupply>(PANEL, 'supplies', props.supplyId ?? '');
  if (!point) return null;
  const Icon = STATE_ICONS[point.state];
  const isCharging = supply !== undefined && (supply.state === 'CHARGING' || supply.energyWh > 0);
  return (
    <li>
      <button
        type="button"
        className={styles.tile}
        data-state={point.state}
        data-testid={`tile-${point.cpId}`}
        onClick={() => props.onOpen(point.cpId)}
      >
        <span className={styles.tileHead}>
          <strong>{point.cpId}</strong>
          <Icon size={20} aria-hidden="true" />
        </span>
        <span className={styles.tileAddress} title={`${point.address}, ${point.city}`}>
          {point.address}, {point.city}
        </span>
        <span className={styles.tilePrice}>{formats.price(point.priceE4PerKwh)}</span>
        <span className={styles.tileState} data-testid="tile-state">
          {t(`state.panel.${point.state}`)}
        </span>
        <SecondLine point={point} supply={supply} />
        {isCharging ? <LiveFigures supply={supply} /> : null}
        <Flags point={point} supply={supply} />
      </button>
    </li>
  );
}
