import { MapPin, Star, Thermometer, Zap } from 'lucide-react';
import type { PointCard } from '../../../messages/entities.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useMe } from '../use-driver.ts';
import { toggleFavourite, useFavourites } from './favourites.ts';
import { useTemperature } from './point-weather.ts';
import styles from './points.module.css';
import { usePointReasons } from './use-point-reasons.ts';
import { useWhyNot } from './use-why-not.ts';

function FavouriteButton({ cpId }: { cpId: string }) {
  const { t } = useDriverTexts();
  const isFavourite = useFavourites().has(cpId);
  const label = t('driver.favourite', { id: cpId });
  return (
    <button
      type="button"
      className={styles.star}
      aria-pressed={isFavourite}
      aria-label={label}
      title={label}
      data-testid={`favourite-${cpId}`}
      onClick={() => toggleFavourite(cpId)}
    >
      <Star size={22} aria-hidden="true" fill={isFavourite ? 'currentColor' : 'none'} />
    </button>
  );
}

/** One point as a driver reads it: where, what it costs, and the button only where a charge can start (S-DRV-05). */
export function PointCardView({ point, onCharge }: { point: PointCard; onCharge(point: PointCard): void }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const whyNot = useWhyNot();
  const reasonsOf = usePointReasons();
  const temperature = useTemperature()(point);
  const me = useMe();
  const isOwn = me?.openSupply?.cpId === point.cpId;
  const reasons = reasonsOf(point);
  return (
    <div className={styles.card} data-state={point.state} data-own={isOwn} data-testid={`point-${point.cpId}`}>
      <div className={styles.head}>
        <h2>{point.cpId}</h2>
        <StateBadge state={point.state} audience="driver" isOwn={isOwn} />
        <FavouriteButton cpId={point.cpId} />
      </div>
      <p className={styles.place}>
        <MapPin size={16} aria-hidden="true" />
        <span>
          {point.address}, {point.city} · {point.zone}
        </span>
      </p>
      <div className={styles.foot}>
        <p className={styles.facts}>
          <strong>{formats.price(point.priceE4PerKwh)}</strong>
          <span>
            {formats.power(point.maxPowerW)}
            {temperature === undefined ? null : (
              <span className={styles.fact}>
                <Thermometer size={16} aria-hidden="true" />
                {temperature}
              </span>
            )}
          </span>
        </p>
        {point.state === 'AVAILABLE' ? (
          <ActionButton
            variant="primary"
            testId={`charge-${point.cpId}`}
            blockedBy={whyNot}
            onClick={() => onCharge(point)}
          >
            <Zap size={18} aria-hidden="true" /> {t('driver.charge')}
          </ActionButton>
        ) : null}
      </div>
      {reasons === '' ? null : <p className={styles.reasons}>{reasons}</p>}
    </div>
  );
}
