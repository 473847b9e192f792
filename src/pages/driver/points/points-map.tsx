import { useState } from 'react';
import type { PointState } from '../../../domain/vocabulary.ts';
import type { PointCard } from '../../../messages/entities.ts';
import { type MapPoint, placedPoints } from '../../shared/map/map-view.ts';
import { NetworkMap } from '../../shared/map/network-map.tsx';
import { useDriverTexts } from '../texts/use-texts.ts';
import { PointCardView } from './point-card.tsx';
import styles from './points.module.css';

/** Free first: where several points share a pin, a driver looks for that one. */
const PIN_ORDER: readonly PointState[] = ['AVAILABLE', 'CHARGING', 'OUT_OF_SERVICE', 'FAULTED', 'DISCONNECTED'];

/** The points of the list on a map; a pin shows its point beneath, a group comes nearer. */
export default function PointsMap({ points, onCharge }: { points: PointCard[]; onCharge(point: PointCard): void }) {
  const { t } = useDriverTexts();
  const [chosenId, setChosenId] = useState('');
  const { placed, unplaced } = placedPoints(points);
  const chosen = points.find((point) => point.cpId === chosenId);
  const nameOf = (group: readonly MapPoint[]) => {
    const [first] = group;
    const free = group.filter((point) => point.state === 'AVAILABLE').length;
    return group.length === 1 && first
      ? `${first.cpId}: ${t(`state.driver.${first.state}`)}`
      : t('driver.mapGroup', { n: group.length, free });
  };
  return (
    <div className={styles.mapPart}>
      <NetworkMap placed={placed} order={PIN_ORDER} nameOf={nameOf} chosenId={chosenId} onOpen={setChosenId} />
      <div aria-live="polite">
        {chosen ? <PointCardView point={chosen} onCharge={onCharge} /> : <p className="muted">{t('driver.mapHint')}</p>}
      </div>
      {unplaced.length > 0 ? (
        <p className="muted">
          {t('driver.unplaced', { n: unplaced.length })}: {unplaced.map((point) => point.cpId).join(', ')}
        </p>
      ) : null}
    </div>
  );
}
