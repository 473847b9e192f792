import { Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PointCard, SupplyView } from '../../../messages/entities.ts';
import { ChargeCurve } from '../../shared/charts/charge-curve.tsx';
import { duration, roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useEntity, useServerNow } from '../../shared/live/live-store.ts';
import { LATE_READING_MS } from '../../shared/supply-figures.ts';
import { Figure } from '../../shared/ui/parts.tsx';
import parts from '../parts.module.css';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useMe } from '../use-driver.ts';
import styles from './figures.module.css';
import { useCurve } from './use-curve.ts';

/** From this age a reading is not only late: it is greyed (ux 2.3). */
const STALE_READING_MS = 10_000;

function freshnessOf(readingAgeMs: number | undefined): 'WAITING' | 'LIVE' | 'LATE' | 'STALE' {
  if (readingAgeMs === undefined) return 'WAITING';
  if (readingAgeMs > STALE_READING_MS) return 'STALE';
  return readingAgeMs > LATE_READING_MS ? 'LATE' : 'LIVE';
}

function AgeChip({ readingAgeMs }: { readingAgeMs: number | undefined }) {
  const { t } = useDriverTexts();
  const freshness = freshnessOf(readingAgeMs);
  return (
    <p className={styles.age} data-freshness={freshness} data-testid="reading-age">
      {freshness === 'LIVE' ? (
        <span className={styles.beat} aria-hidden="true" />
      ) : (
        <Clock size={16} aria-hidden="true" />
      )}
      {freshness === 'WAITING' ? t('figure.waiting') : null}
      {freshness === 'LIVE' ? t('driver.liveData') : null}
      {freshness === 'LATE' || freshness === 'STALE'
        ? t('figure.readingAge', { t: roughAge(readingAgeMs ?? 0) })
        : null}
    </p>
  );
}

/** What flows: energy and money large, power and time, with their age as soon as they are late; then the way to stop, then the curve. */
export function LiveFigures({ supply, children }: { supply: SupplyView; children: ReactNode }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  const nowMs = useServerNow();
  const point = useEntity<PointCard>(POINTS, 'points', supply.cpId);
  const points = useCurve(supply, me?.readingAtMs);
  const readingAgeMs = me?.readingAtMs === undefined ? undefined : nowMs - me.readingAtMs;
  return (
    <div className={styles.live} data-freshness={freshnessOf(readingAgeMs)}>
      <AgeChip readingAgeMs={readingAgeMs} />
      <dl className={styles.large}>
        <div>
          <dt>{t('figure.energy')}</dt>
          <dd data-testid="energy">{formats.energy(supply.energyWh)}</dd>
        </div>
        <div>
          <dt>{t('figure.amount')}</dt>
          <dd data-testid="amount">{formats.money(supply.amountCents)}</dd>
        </div>
      </dl>
      <dl className={parts.figures}>
        <Figure name={t('figure.power')} value={formats.power(supply.powerW)} testId="power" />
        <Figure
          name={t('figure.duration')}
          value={supply.pluggedAtMs ? duration(nowMs - supply.pluggedAtMs) : '–'}
          testId="duration"
        />
        <Figure name={t('ticket.tariff')} value={formats.price(supply.priceE4PerKwh)} />
      </dl>
      {children}
      <ChargeCurve points={points} {...(point ? { maxPowerW: point.maxPowerW } : {})} />
    </div>
  );
}
