import { useCallback, useMemo } from 'react';
import type { Statistics } from '../../../messages/central-history-api.ts';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import { useFormats } from '../../shared/i18n.ts';
import type { LiveState } from '../../shared/live/live-client.ts';
import { liveStore, usePacedCollection } from '../../shared/live/live-store.ts';
import { usePaced } from '../../shared/live/paced.ts';
import { useAnswer } from '../../shared/use-answer.ts';
import { useIsCentralAway } from '../page-parts.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './totals.module.css';

const ASK_TODAY_MS = 60_000;

type Today = { energyWh: number; amountCents: number };

function todayOf(statistics: Statistics): Today {
  const day = statistics.startsMs.length - 1;
  const sum = (figures: readonly (readonly number[])[]) => figures.reduce((all, one) => all + (one[day] ?? 0), 0);
  return {
    energyWh: sum(statistics.zones.map((zone) => zone.energyWh)),
    amountCents: sum(statistics.zones.map((zone) => zone.amountCents)),
  };
}

/** What ended since midnight here, as Central counts it; asked for once a minute, while Central is there. */
function useToday(): Today | undefined {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const path = `/api/statistics?range=7d&timeZone=${encodeURIComponent(timeZone)}`;
  const { body } = useAnswer<Statistics>(useIsCentralAway() ? undefined : path, ASK_TODAY_MS);
  return useMemo(() => (body ? todayOf(body) : undefined), [body]);
}

/** Power of all charging points now: a glance, nothing is billed by it. */
function useTotalPowerW(): number {
  const select = useCallback((state: LiveState) => {
    const feed = state.feeds[PANEL];
    if (!feed) return 0;
    let powerW = 0;
    for (const supply of Object.values(feed.collections.supplies ?? {}) as PanelSupply[])
      if (supply.state === 'CHARGING') powerW += feed.readings[supply.readingIndex]?.powerW ?? supply.powerW;
    return powerW;
  }, []);
  return usePaced(liveStore, select);
}

function Total({ name, value, testId }: { name: string; value: string; testId: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  );
}

/** The figures of the network at this moment and today. */
export function Totals({ pointCount }: { pointCount: number }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const today = useToday();
  const powerW = useTotalPowerW();
  const supplies = Object.values(usePacedCollection<PanelSupply>(PANEL, 'supplies'));
  const drivers = Object.keys(usePacedCollection(PANEL, 'drivers')).length;
  const charging = supplies.filter((supply) => supply.state === 'CHARGING').length;
  return (
    <dl className={styles.totals} data-testid="totals">
      <Total name={t('points.total.power')} value={formats.power(powerW)} testId="total-power" />
      {today ? (
        <>
          <Total name={t('points.total.energy')} value={formats.energy(today.energyWh)} testId="total-energy" />
          <Total name={t('points.total.amount')} value={formats.money(today.amountCents)} testId="total-amount" />
        </>
      ) : null}
      <Total name={t('points.total.charging')} value={formats.number(charging)} testId="total-charging" />
      <Total name={t('points.total.drivers')} value={formats.number(drivers)} testId="total-drivers" />
      <Total name={t('points.total.points')} value={formats.number(pointCount)} testId="total-points" />
    </dl>
  );
}
