import { memo } from 'react';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import { Sparkline } from '../../shared/charts/sparkline.tsx';
import { useFormats } from '../../shared/i18n.ts';
import { usePastReadings } from '../../shared/live/reading-history.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './point-card.module.css';
import { PointMenuButton } from './point-menu.tsx';
import { LateChip, PointFlags, StateDetail, Temperature } from './point-words.tsx';
import { useLiveFigures } from './use-live-figures.ts';
import type { PointProps } from './use-point.ts';
import { hasFigures, usePoint } from './use-point.ts';

const SPARKLINE_READINGS = 60;

function Figures({ supply, maxPowerW }: { supply: PanelSupply; maxPowerW: number }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const figures = useLiveFigures(supply);
  const past = usePastReadings(PANEL, supply.readingIndex, SPARKLINE_READINGS);
  // Nothing flows into an interrupted one, whatever the last reading said.
  const isRunning = supply.state !== 'INTERRUPTED';
  return (
    <span className={styles.figures} data-freshness={figures.freshness}>
      {isRunning ? (
        <span className={styles.row}>
          <strong className={styles.power} data-testid="tile-power">
            {formats.power(figures.powerW)}
          </strong>
          <LateChip figures={figures} />
        </span>
      ) : null}
      <span className={styles.row}>
        <span data-testid="tile-energy">{formats.energy(figures.energyWh)}</span>
        <span data-testid="tile-amount">{formats.money(figures.amountCents)}</span>
        <span data-testid="tile-driver">{supply.driverId ?? t('common.anonymous')}</span>
      </span>
      {isRunning ? <Sparkline values={past.map(({ powerW }) => powerW)} max={maxPowerW} /> : null}
    </span>
  );
}

/** A point as a card: more room for figures, and the last minute of power. */
export const PointCard = memo(function PointCard(props: PointProps) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { point, supply } = usePoint(props.cpId);
  if (!point) return null;
  const place = `${point.address}, ${point.city}`;
  return (
    <>
      <button
        type="button"
        className={styles.card}
        tabIndex={props.tabIndex}
        data-state={point.state}
        data-cp={point.cpId}
        data-testid={`tile-${point.cpId}`}
        onClick={() => props.onOpen(point.cpId)}
      >
        <span className={styles.head}>
          <strong title={point.cpId}>{point.cpId}</strong>
          <StateBadge state={point.state} audience="panel" />
        </span>
        <span className={styles.place} title={place}>
          {place}
        </span>
        <span className={styles.facts}>
          <span>
            {formats.price(point.priceE4PerKwh)} · {t('points.upTo', { power: formats.power(point.maxPowerW) })}
          </span>
          <Temperature point={point} />
        </span>
        <StateDetail point={point} supply={supply} />
        {supply && hasFigures(supply) ? <Figures supply={supply} maxPowerW={point.maxPowerW} /> : null}
        <PointFlags point={point} supply={supply} />
      </button>
      <PointMenuButton point={point} tabIndex={props.tabIndex} />
    </>
  );
});
