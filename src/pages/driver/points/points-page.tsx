import { lazy, Suspense, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { PointCard } from '../../../messages/entities.ts';
import { roughAge } from '../../shared/format.ts';
import { useCollection, useDataAtMs, useHasFeed, useServerNow } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Empty, Skeletons } from '../../shared/ui/parts.tsx';
import { Waiting } from '../../shared/ui/waiting.tsx';
import parts from '../parts.module.css';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useMe } from '../use-driver.ts';
import { ChargeSheet } from './charge-sheet.tsx';
import { useFavourites } from './favourites.ts';
import { PointCardView } from './point-card.tsx';
import { choiceFromParams, choosePoints, type PointChoice, paramsOfChoice, showAll, zonesOf } from './point-choice.ts';
import { PointFilters } from './point-filters.tsx';
import styles from './points.module.css';

const PointsMap = lazy(() => import('./points-map.tsx'));

/** Cards shown at first, and more with each press: a phone is not made to draw thousands. */
const PAGE = 60;

function useChoice(): [PointChoice, (next: PointChoice) => void] {
  const [params, setParams] = useSearchParams();
  const lang = params.get('lang');
  const kept: Record<string, string> = lang === null ? {} : { lang };
  return [choiceFromParams(params), (next) => setParams({ ...paramsOfChoice(next), ...kept }, { replace: true })];
}

function Summary({ shown, all }: { shown: number; all: number }) {
  const { t } = useDriverTexts();
  const dataAtMs = useDataAtMs(POINTS);
  const nowMs = useServerNow();
  return (
    <p className={styles.summary} data-testid="points-summary">
      <span>{t('driver.shownOf', { a: shown, b: all })}</span>
      {dataAtMs ? <span>{t('driver.updated', { t: roughAge(nowMs - dataAtMs) })}</span> : null}
    </p>
  );
}

/** The list; while a finger or pointer is on it no card jumps away or comes between. */
function PointsList(props: {
  points: PointCard[];
  all: PointCard[];
  /** Another choice is another list, wherever the pointer is. */
  choiceKey: string;
  onCharge(point: PointCard): void;
}) {
  const { points, choiceKey } = props;
  const { t } = useDriverTexts();
  const [count, setCount] = useState(PAGE);
  const [isTouched, setTouched] = useState(false);
  const kept = useRef<{ choiceKey: string; cpIds: string[] }>({ choiceKey: '', cpIds: [] });
  const isFrozen = isTouched && kept.current.choiceKey === choiceKey;
  if (!isFrozen) kept.current = { choiceKey, cpIds: points.map((point) => point.cpId) };
  const byId = new Map(props.all.map((point) => [point.cpId, point]));
  const now = kept.current.cpIds.flatMap((cpId) => byId.get(cpId) ?? []);
  return (
    <>
      <ul
        className={styles.points}
        data-testid="points"
        onPointerEnter={() => setTouched(true)}
        onPointerLeave={() => setTouched(false)}
      >
        {now.slice(0, count).map((point) => (
          <li key={point.cpId}>
            <PointCardView point={point} onCharge={props.onCharge} />
          </li>
        ))}
      </ul>
      {now.length > count ? (
        <ActionButton testId="more-points" onClick={() => setCount(count + PAGE)}>
          {t('driver.morePoints', { n: now.length - count })}
        </ActionButton>
      ) : null}
    </>
  );
}

function NoPoints({ hasAny, onShowAll }: { hasAny: boolean; onShowAll(): void }) {
  const { t } = useDriverTexts();
  return (
    <Empty testId="no-points">
      <div className={parts.stack}>
        <p>{hasAny ? t('driver.noMatch') : t('driver.noPoints')}</p>
        {hasAny ? (
          <ActionButton testId="show-all" size="large" onClick={onShowAll}>
            {t('driver.showAll')}
          </ActionButton>
        ) : null}
      </div>
    </Empty>
  );
}

/** All points with their state, as list or map. */
export function PointsPage() {
  const hasFeed = useHasFeed(POINTS);
  const all = Object.values(useCollection<PointCard>(POINTS, 'points'));
  const favourites = useFavourites();
  const me = useMe();
  const [choice, setChoice] = useChoice();
  const [asked, setAsked] = useState<PointCard>();
  const shown = choosePoints(all, choice, { cpId: me?.openSupply?.cpId, favourites });
  const isMap = choice.view === 'MAP';
  return (
    <div className={styles.page}>
      <PointFilters choice={choice} zones={zonesOf(all)} put={(change) => setChoice({ ...choice, ...change })} />
      {hasFeed ? <Summary shown={shown.length} all={all.length} /> : <Waiting count={4} />}
      {hasFeed && shown.length === 0 ? (
        <NoPoints hasAny={all.length > 0} onShowAll={() => setChoice(showAll(choice))} />
      ) : null}
      {isMap && shown.length > 0 ? (
        <Suspense fallback={<Skeletons count={1} isCodeComing />}>
          <PointsMap points={shown} onCharge={setAsked} />
        </Suspense>
      ) : null}
      {isMap ? null : <PointsList points={shown} all={all} choiceKey={JSON.stringify(choice)} onCharge={setAsked} />}
      {asked ? <ChargeSheet point={asked} onClose={() => setAsked(undefined)} /> : null}
    </div>
  );
}
