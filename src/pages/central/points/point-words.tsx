import { Clock, Hourglass, KeyRound, ThermometerSnowflake, ThermometerSun, TriangleAlert } from 'lucide-react';
import type { OpenSupplyState } from '../../../domain/vocabulary.ts';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { duration, roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useServerNow } from '../../shared/live/live-store.ts';
import { useFaultText } from '../../shared/ui/fault-text.ts';
import { Chip } from '../../shared/ui/parts.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import { useOrderOnItsWay } from './by-point.ts';
import styles from './point-words.module.css';
import type { LiveFigures } from './use-live-figures.ts';

/** Why a point is as it is, all reasons named; nothing while it charges. */
export function StateDetail({ point, supply }: { point: PanelPoint; supply: PanelSupply | undefined }) {
  const { t } = useCentralTexts();
  const faultText = useFaultText();
  const nowMs = useServerNow();
  if (point.state === 'DISCONNECTED') {
    const text = point.lastSeenAtMs
      ? t('central.lastSeen', { t: roughAge(nowMs - point.lastSeenAtMs) })
      : t('central.neverSeen');
    return <Line text={text} />;
  }
  if (point.state === 'FAULTED') {
    const since = t('common.ago', { t: roughAge(nowMs - point.stateSinceMs) });
    return <Line testId="tile-fault" text={`${faultText(point.faultCode ?? 'ENGINE_SILENT')} · ${since}`} />;
  }
  if (point.reasons.length > 0)
    return <Line testId="tile-reasons" text={point.reasons.map((reason) => t(`reason.${reason}`)).join(' · ')} />;
  return supply ? null : <Line text={t('central.free')} />;
}

function Line({ text, testId }: { text: string; testId?: string }) {
  return (
    <span className={styles.line} title={text} data-testid={testId}>
      {text}
    </span>
  );
}

function PhaseChip({ supply }: { supply: PanelSupply }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const left = supply.plugDeadlineAtMs && supply.state === 'PREPARING' ? duration(supply.plugDeadlineAtMs - nowMs) : '';
  return (
    <Chip testId="tile-phase">
      {supply.state === 'INTERRUPTED' ? t('points.interrupted') : t(`phase.${supply.state as OpenSupplyState}`)} {left}
    </Chip>
  );
}

function OrderChip({ cpId }: { cpId: string }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const order = useOrderOnItsWay(cpId);
  if (!order) return null;
  return (
    <Chip testId="tile-order">
      {t('central.orderSent', {
        order: t(`central.order.${order.kind as 'STOP'}`),
        s: Math.max(0, Math.round((nowMs - order.orderedAtMs) / 1_000)),
      })}
    </Chip>
  );
}

/** What else is to be known of a point, as chips: phase, what comes when the charge ends, an order on its way, its key. */
export function PointFlags({ point, supply }: { point: PanelPoint; supply: PanelSupply | undefined }) {
  const { t } = useCentralTexts();
  return (
    <span className={styles.flags}>
      {supply && supply.state !== 'CHARGING' ? <PhaseChip supply={supply} /> : null}
      {point.pendingReasons.length > 0 ? (
        <Chip testId="tile-pending">
          <Hourglass size={12} aria-hidden="true" />
          {t('central.willStop')}
        </Chip>
      ) : null}
      <OrderChip cpId={point.cpId} />
      {point.isRegistered ? null : (
        <Chip>
          <TriangleAlert size={12} aria-hidden="true" />
          {t('central.notRegistered')}
        </Chip>
      )}
      {point.keyState === 'REVOKED' && !point.reasons.includes('KEY_REVOKED') ? (
        <Chip>
          <KeyRound size={12} aria-hidden="true" />
          {t('central.key.REVOKED')}
        </Chip>
      ) : null}
    </span>
  );
}

/** The age of figures that are not of now. */
export function LateChip({ figures }: { figures: LiveFigures }) {
  const { t } = useCentralTexts();
  if (figures.freshness === 'FRESH') return null;
  return (
    <Chip>
      <Clock size={12} aria-hidden="true" /> {t('common.ago', { t: roughAge(figures.readingAgeMs ?? 0) })}
    </Chip>
  );
}

/** The temperature where the point stands; one that holds it has its icon. */
export function Temperature({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { weather } = point;
  if (weather?.celsius === undefined) return null;
  const Icon = weather.alert === 'HIGH_TEMP' ? ThermometerSun : ThermometerSnowflake;
  const title = [
    weather.alert ? t(`weatherAlert.${weather.alert}`) : undefined,
    weather.isSimulated ? t('weatherText.simulated') : undefined,
  ];
  return (
    <span className={styles.temperature} title={title.filter(Boolean).join(' · ')} data-testid="tile-temperature">
      {weather.alert ? <Icon size={14} aria-hidden="true" /> : null}
      {formats.degrees(weather.celsius)}
      {weather.isSimulated ? '*' : ''}
    </span>
  );
}
