import type { AuditEntry, AuditSource } from './audit-record.ts';

/** The weather at a city, as an alert or its end tells it. */
type CityWeather = { city: string; temperatureCc: number; points: number; cpIds: readonly string[] };

const MAX_IDS = 100;
const noticed = { level: 'WARNING', isSuccess: true } as const;
const done = { level: 'INFO', isSuccess: true } as const;
const shortened = (event: CityWeather) => ({ ...event, cpIds: event.cpIds.slice(0, MAX_IDS) });

/** The weather: what it does to points, and whether it is known (S-REG-14, F-42). */
export const weather = {
  alert: (source: AuditSource, event: CityWeather & { type: string }): AuditEntry => ({
    ...{ category: 'INCIDENT', action: 'WEATHER_ALERT', ...noticed, source },
    description: `${event.type} in ${event.city}: ${event.temperatureCc / 100} °C, ${event.points} points`,
    parameters: shortened(event),
  }),
  cleared: (source: AuditSource, event: CityWeather): AuditEntry => ({
    ...{ category: 'INCIDENT', action: 'WEATHER_CLEARED', ...done, source },
    description: `weather in ${event.city} is normal again: ${event.temperatureCc / 100} °C, ${event.points} points`,
    parameters: shortened(event),
  }),
  unavailable: (source: AuditSource, event: { cause: string; city?: string }): AuditEntry => ({
    ...{ category: 'ERROR', action: 'WEATHER_UNAVAILABLE', level: 'WARNING', isSuccess: false, source },
    description: `OpenWeather gives no temperature${event.city === undefined ? '' : ` for ${event.city}`}: ${event.cause}`,
    parameters: event,
  }),
  back: (source: AuditSource): AuditEntry => ({
    ...{ category: 'INCIDENT', action: 'WEATHER_BACK', ...done, source },
    description: 'OpenWeather answers again',
  }),
  cityChanged: (source: AuditSource, event: { of: string; city: string; country: string }): AuditEntry => ({
    ...{ category: 'STATUS', action: 'WEATHER_CITY_CHANGED', ...done, source },
    description: `the weather of ${event.of} is that of ${event.city}, ${event.country}`,
    parameters: event,
  }),
};
