import type { OpenSupplyState } from '../../../../domain/vocabulary.ts';
import type { SupplyCurve } from '../../../../messages/central-api.ts';
import type { PanelPoint, PanelSupply } from '../../../../messages/live-stream.ts';
import { ChargeCurve } from '../../../shared/charts/charge-curve.tsx';
import { duration, roughAge } from '../../../shared/format.ts';
import { useFormats } from '../../../shared/i18n.ts';
import { liveStore, useServerNow } from '../../../shared/live/live-store.ts';
import { usePastReadings } from '../../../shared/live/reading-history.ts';
import { Fact, Facts } from '../../../shared/ui/facts.tsx';
import { useFaultText } from '../../../shared/ui/fault-text.ts';
import { Empty, Figure } from '../../../shared/ui/parts.tsx';
import { useAnswer } from '../../../shared/use-answer.ts';
import { useIsCentralAway } from '../../page-parts.tsx';
import { PANEL } from '../../session.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { LateChip, Temperature } from '../point-words.tsx';
import { useLiveFigures } from '../use-live-figures.ts';
import { hasFigures } from '../use-point.ts';
import { curvePoints } from './curve-points.ts';
import styles from './detail.module.css';

/** The charge so far: what Central remembers from before this page looked, asked once, and what the page has seen since. */
function Curve({ supply, point }: { supply: PanelSupply; point: PanelPoint }) {
  const { t } = useCentralTexts();
  const seen = usePastReadings(PANEL, supply.readingIndex);
  const { body } = useAnswer<SupplyCurve>(useIsCentralAway() ? undefined : `/api/supplies/${supply.supplyId}/curve`);
  const points = curvePoints({
    before: body?.samples ?? [],
    seen,
    offsetMs: liveStore.getState().serverOffsetMs ?? 0,
    pluggedAtMs: supply.pluggedAtMs,
  });
  if (points.length < 2) return <Empty>{t('points.detail.curveWaits')}</Empty>;
  return <ChargeCurve points={points} maxPowerW={point.maxPowerW} />;
}

function Running({ supply, point }: { supply: PanelSupply; point: PanelPoint }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const figures = useLiveFigures(supply);
  return (
    <>
      <dl className={styles.figures} data-freshness={figures.freshness}>
        <Figure name={t('figure.power')} value={formats.power(figures.powerW)} testId="detail-power" />
        <Figure name={t('figure.energy')} value={formats.energyDetail(figures.energyWh)} testId="detail-energy" />
        <Figure name={t('figure.amount')} value={formats.money(figures.amountCents)} testId="detail-amount" />
      </dl>
      <LateChip figures={figures} />
      <Curve supply={supply} point={point} />
    </>
  );
}

function SupplyFacts({ supply }: { supply: PanelSupply }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  return (
    <Facts>
      <Fact name={t('ticket.driver')}>{supply.driverId ?? t('common.anonymous')}</Fact>
      <Fact name={t('points.detail.phase')} testId="detail-phase">
        {t(`phase.${supply.state as OpenSupplyState}`)}
        {supply.state === 'PREPARING' && supply.plugDeadlineAtMs
          ? ` · ${t('points.detail.left', { t: duration(supply.plugDeadlineAtMs - nowMs) })}`
          : ''}
      </Fact>
      <Fact name={t('ticket.requested')}>{formats.dateTime(supply.requestedAtMs)}</Fact>
      {supply.pluggedAtMs ? (
        <>
          <Fact name={t('ticket.start')}>{formats.dateTime(supply.pluggedAtMs)}</Fact>
          {supply.state === 'INTERRUPTED' ? null : (
            <Fact name={t('figure.duration')}>{duration(nowMs - supply.pluggedAtMs)}</Fact>
          )}
        </>
      ) : null}
      <Fact name={t('ticket.tariff')}>{formats.price(supply.priceE4PerKwh)}</Fact>
      <Fact name={t('points.detail.supply')}>
        <code>{supply.supplyId}</code>
      </Fact>
    </Facts>
  );
}

function PointFacts({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const faultText = useFaultText();
  const nowMs = useServerNow();
  const age = (atMs: number) => t('common.ago', { t: roughAge(nowMs - atMs) });
  const lastSeen = point.lastSeenAtMs ? age(point.lastSeenAtMs) : t('common.never');
  return (
    <Facts>
      <Fact name={t('central.facts.since')}>
        <span title={formats.dateTime(point.stateSinceMs)}>{age(point.stateSinceMs)}</span>
      </Fact>
      {point.state === 'FAULTED' ? (
        <Fact name={t('points.detail.fault')}>{faultText(point.faultCode ?? 'ENGINE_SILENT')}</Fact>
      ) : null}
      {point.reasons.length > 0 ? (
        <Fact name={t('central.facts.reasons')} testId="point-reasons">
          {point.reasons.map((reason) => t(`reason.${reason}`)).join(' · ')}
        </Fact>
      ) : null}
      {point.pendingReasons.length > 0 ? (
        <Fact name={t('central.willStop')} testId="point-pending">
          {point.pendingReasons.map((reason) => t(`reason.${reason}`)).join(' · ')}
        </Fact>
      ) : null}
      <Fact name={t('central.facts.location')}>
        {point.address}, {point.city} ({point.country}) · {point.zone}
      </Fact>
      {point.weather?.celsius === undefined ? null : (
        <Fact name={t('points.detail.temperature')}>
          <Temperature point={point} />
          {point.weather.alert ? ` · ${t(`weatherAlert.${point.weather.alert}`)}` : ''}
          {point.weather.isSimulated ? ` · ${t('weatherText.simulated')}` : ''}
        </Fact>
      )}
      <Fact name={t('figure.price')}>{formats.price(point.priceE4PerKwh)}</Fact>
      <Fact name={t('figure.maxPower')}>{formats.power(point.maxPowerW)}</Fact>
      <Fact name={t('central.facts.lastSeen')}>
        {point.state === 'DISCONNECTED' ? lastSeen : t('central.facts.connectedNow')}
      </Fact>
    </Facts>
  );
}

/** What the point does at this moment. */
export function NowTab({ point, supply }: { point: PanelPoint; supply: PanelSupply | undefined }) {
  return (
    <>
      {supply && hasFigures(supply) ? <Running supply={supply} point={point} /> : null}
      {supply ? <SupplyFacts supply={supply} /> : null}
      <PointFacts point={point} />
    </>
  );
}
