import { memo } from 'react';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import { useFormats } from '../../shared/i18n.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { PointMenuButton } from './point-menu.tsx';
import styles from './point-tile.module.css';
import { LateChip, PointFlags, StateDetail, Temperature } from './point-words.tsx';
import { useLiveFigures } from './use-live-figures.ts';
import type { PointProps } from './use-point.ts';
import { hasFigures, usePoint } from './use-point.ts';

function Power({ supply }: { supply: PanelSupply }) {
  const formats = useFormats();
  const figures = useLiveFigures(supply);
  if (supply.state === 'INTERRUPTED') return null;
  return (
    <span data-freshness={figures.freshness} data-flows={figures.powerW > 0} data-testid="tile-power">
      {formats.power(figures.powerW)}
    </span>
  );
}

function EnergyAndAmount({ supply }: { supply: PanelSupply }) {
  const formats = useFormats();
  const figures = useLiveFigures(supply);
  return (
    <span className={styles.figures} data-freshness={figures.freshness}>
      <span data-testid="tile-energy">{formats.energy(figures.energyWh)}</span>
      <span data-testid="tile-amount">{formats.money(figures.amountCents)}</span>
      <LateChip figures={figures} />
    </span>
  );
}

/** A point on the wall: a solid surface whose colour, icon, word and pattern tell its state. It draws itself again only when it changes. */
export const PointTile = memo(function PointTile(props: PointProps) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { point, supply } = usePoint(props.cpId);
  if (!point) return null;
  const Icon = STATE_ICONS[point.state];
  const running = supply && hasFigures(supply) ? supply : undefined;
  const place = `${point.address}, ${point.city}`;
  return (
    <>
      <button
        type="button"
        className={styles.tile}
        tabIndex={props.tabIndex}
        data-state={point.state}
        data-cp={point.cpId}
        data-testid={`tile-${point.cpId}`}
        onClick={() => props.onOpen(point.cpId)}
      >
        <span className={styles.head}>
          <strong title={point.cpId}>{point.cpId}</strong>
          <Icon size={20} aria-hidden="true" />
        </span>
        <span className={styles.where}>
          <span className={styles.place} title={place}>
            {place}
          </span>
          <Temperature point={point} />
        </span>
        <span className={styles.state}>
          <span data-testid="tile-state">{t(`state.panel.${point.state}`)}</span>
          {running ? <Power supply={running} /> : null}
        </span>
        <span className={styles.price}>
          <span>{formats.price(point.priceE4PerKwh)}</span>
          {supply ? <span data-testid="tile-driver">{supply.driverId ?? t('common.anonymous')}</span> : null}
        </span>
        <StateDetail point={point} supply={supply} />
        {running ? <EnergyAndAmount supply={running} /> : null}
        <PointFlags point={point} supply={supply} />
      </button>
      <PointMenuButton point={point} tabIndex={props.tabIndex} />
    </>
  );
});
