import { useMemo } from 'react';
import type { PanelPoint } from '../../../../messages/live-stream.ts';
import { useFormats } from '../../../shared/i18n.ts';
import { type MapPoint, type Pin, placedPoints } from '../../../shared/map/map-view.ts';
import { NetworkMap } from '../../../shared/map/network-map.tsx';
import { SCROLLED_BY_KEYS } from '../../../shared/ui/parts.tsx';
import { StateBadge } from '../../../shared/ui/state-badge.tsx';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { SEVERITY, worstState } from '../point-order.ts';
import styles from './point-map.module.css';

const LISTED = 60;

function SeenList({ pins, onOpen }: { pins: readonly Pin[]; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const seen = pins.flatMap((pin) => pin.points);
  return (
    <section className={styles.seen} aria-label={t('points.map.inView')} {...SCROLLED_BY_KEYS}>
      <ul>
        {seen.slice(0, LISTED).map((point) => (
          <li key={point.cpId}>
            <button type="button" onClick={() => onOpen(point.cpId)} data-testid={`map-list-${point.cpId}`}>
              <strong>{point.cpId}</strong>
              <span className="muted">{point.city}</span>
              <StateBadge state={point.state} audience="panel" />
            </button>
          </li>
        ))}
      </ul>
      {seen.length > LISTED ? (
        <p className="muted">{t('points.map.more', { n: formats.number(seen.length - LISTED) })}</p>
      ) : null}
    </section>
  );
}

function Unplaced({ points, onOpen }: { points: readonly PanelPoint[]; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  if (points.length === 0) return null;
  return (
    <details className={styles.unplaced}>
      <summary>{t('points.map.noPlace', { count: points.length })}</summary>
      <ul>
        {points.slice(0, LISTED).map(({ cpId }) => (
          <li key={cpId}>
            <button type="button" onClick={() => onOpen(cpId)}>
              {cpId}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The points where they stand, worst first; the list beside the map says the same (ux 5). */
export function PointMap({ points, onOpen }: { points: readonly PanelPoint[]; onOpen(cpId: string): void }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { placed, unplaced } = useMemo(() => placedPoints(points), [points]);
  const nameOf = (group: readonly MapPoint[]) => {
    const state = t(`state.panel.${worstState(group.map((point) => point.state))!}`);
    if (group.length === 1) return `${group[0]!.cpId}: ${state}`;
    return `${t('points.map.cluster', { n: formats.number(group.length) })} (${state})`;
  };
  return (
    <div className={styles.layout}>
      <NetworkMap placed={placed} order={SEVERITY} nameOf={nameOf} onOpen={onOpen}>
        {(inView) => (
          <div className={styles.beside}>
            <p role="status">
              {t('points.map.placed', { n: formats.number(placed.length), all: formats.number(points.length) })}
            </p>
            <SeenList pins={inView} onOpen={onOpen} />
            <Unplaced points={unplaced} onOpen={onOpen} />
          </div>
        )}
      </NetworkMap>
    </div>
  );
}
