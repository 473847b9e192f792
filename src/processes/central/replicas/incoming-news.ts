import type { ReplicaNews } from '../../../messages/central-live.ts';
import type { CentralRooms } from '../central-rooms.ts';

type Parts = Pick<CentralRooms, 'picture' | 'readings' | 'sessions' | 'weather'>;

/** Puts what another replica told into this one's picture; nothing of it is told on. */
export function takeNews({ picture, readings, sessions, weather }: Parts, news: ReplicaNews): void {
  for (const [supplyId, sequence, energyWh, powerW, measuredAtMs, receivedAtMs] of news.readings) {
    // A supply that is closed, or not in the picture yet: the next reading comes in a second.
    if (!picture.openSupply(supplyId)) continue;
    readings.merge(supplyId, { sequence, energyWh, powerW, measuredAtMs, receivedAtMs });
  }
  picture.takeOver(news);
  if (news.haveLoginsChanged) sessions.readSoon();
  if (news.hasWeatherChanged) weather.readSoon();
  if (news.weatherStatus) weather.takeStatus(news.weatherStatus);
}
