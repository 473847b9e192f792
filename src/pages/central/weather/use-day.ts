import { useEffect, useState } from 'react';
import { weatherActions } from './weather-actions.ts';

const READ_EVERY_MS = 60_000;

/** Readings of the last 24 h by locationId, read anew each minute; what was read stays when a call fails. */
export function useDay(): ReadonlyMap<number, readonly number[][]> {
  const [day, setDay] = useState<ReadonlyMap<number, readonly number[][]>>(new Map());
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const answer = await weatherActions.history();
      if (isGone || !answer.isOk) return;
      setDay(new Map(answer.body.places.map((place) => [place.locationId, place.readings])));
    };
    void read();
    const handle = setInterval(() => void read(), READ_EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(handle);
    };
  }, []);
  return day;
}
