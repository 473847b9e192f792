import { useEffect, useMemo, useState } from 'react';
import type { DriverPage, SupplyDetail, SupplyPage } from '../../../messages/central-history-api.ts';
import type { PanelDriver, PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { liveStore } from '../../shared/live/live-store.ts';
import { useAnswer } from '../../shared/use-answer.ts';
import { PANEL, useOperator } from '../session.ts';
import { type Hit, joinedHits, localHits, serverQuestions } from './search-hits.ts';

/** Central is asked once the typing rests for this long (ux 3.1). */
const REST_MS = 150;

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const handle = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(handle);
  }, [text]);
  return rested;
}

/** The live picture as it is while one types: hits do not move under the reader when it changes. */
function localNow(text: string): Hit[] {
  const collections = liveStore.getState().feeds[PANEL]?.collections ?? {};
  const all = <Entity>(name: string) => Object.values(collections[name] ?? {}) as Entity[];
  return localHits(text, {
    points: all<PanelPoint>('points'),
    supplies: all<PanelSupply>('supplies'),
    drivers: all<PanelDriver>('drivers'),
  });
}

/** What is found so far; `isPartly`: Central could not be asked, what the page knows stays. */
export function useHits(text: string): { hits: Hit[]; isPartly: boolean; isLoading: boolean } {
  const isSignedIn = useOperator() !== undefined;
  const local = useMemo(() => localNow(text), [text]);
  const rested = useRested(text);
  const asked = isSignedIn && rested !== '' ? serverQuestions(rested) : {};
  const drivers = useAnswer<DriverPage>(asked.drivers);
  const tickets = useAnswer<SupplyPage>(asked.supplies);
  const charge = useAnswer<SupplyDetail>(asked.supply);
  const current = <Body>(answer: { body: Body | undefined; path: string | undefined }, path: string | undefined) =>
    path !== undefined && answer.path === path ? answer.body : undefined;
  const found = current(charge, asked.supply)?.supply;
  const fromServer: Hit[] = [
    ...(current(drivers, asked.drivers)?.drivers ?? []).map(
      ({ driverId }): Hit => ({ group: 'DRIVER', id: driverId, isConnected: false }),
    ),
    ...[...(current(tickets, asked.supplies)?.supplies ?? []), ...(found ? [found] : [])].map(
      (supply): Hit => ({ group: 'SUPPLY', id: supply.supplyId, supply }),
    ),
  ];
  const problems = [drivers, tickets, charge].map(({ problem }) => problem);
  return {
    hits: joinedHits(local, fromServer),
    // "No such charge" is an answer.
    isPartly: problems.some((problem) => problem !== undefined && problem.status !== 404),
    isLoading: rested !== text || drivers.isLoading || tickets.isLoading || charge.isLoading,
  };
}
