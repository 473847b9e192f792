import { useEffect, useState } from 'react';
import { addCurvePoint } from '../../../domain/charging-curve.ts';
import type { SupplyView } from '../../../messages/entities.ts';
import { useLinkLevel } from '../../shared/live/live-store.ts';
import { supplyCurve } from '../actions.ts';

/** The curve of the running charge: what the server has seen, read again after each reconnection, and each reading since. */
export function useCurve(supply: SupplyView, readingAtMs: number | undefined): number[][] {
  const { supplyId, pluggedAtMs, powerW, energyWh } = supply;
  const [points, setPoints] = useState<number[][]>([]);
  const isLive = useLinkLevel() === 'LIVE';
  useEffect(() => {
    if (!isLive) return;
    let isWanted = true;
    void supplyCurve(supplyId).then((answer) => {
      if (isWanted && answer.isOk) setPoints(answer.body.points);
    });
    return () => {
      isWanted = false;
    };
  }, [supplyId, isLive]);
  useEffect(() => {
    if (readingAtMs === undefined || pluggedAtMs === undefined) return;
    const second = Math.max(0, Math.round((readingAtMs - pluggedAtMs) / 1_000));
    setPoints((known) =>
      (known.at(-1)?.[0] ?? -1) < second ? addCurvePoint(known, [second, powerW, energyWh]) : known,
    );
  }, [readingAtMs, pluggedAtMs, powerW, energyWh]);
  return points;
}
