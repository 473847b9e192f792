/** The one table of ports (protocol 10), pure: every default address of a local network comes from here. */

const MOST_POINTS = 50;
const MOST_DRIVERS = 50;

/** By index, the pages that the row from 5050 would put on 5060 and 5061, which no browser opens. */
const PAGES_ELSEWHERE: Readonly<Record<number, number>> = { 10: 5200, 11: 5201 };

/** Ports from 5000 on that no browser opens, whoever listens (the Fetch standard's "bad ports"). */
const REFUSED_BY_BROWSERS = new Set([5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080]);

/** Can a page be served at this port? */
export function isOpenedByBrowsers(port: number): boolean {
  return !REFUSED_BY_BROWSERS.has(port);
}

/** Ports of the services of which there is one. */
export const SERVICE_PORTS = {
  centralSockets: 8020,
  centralApi: 8021,
  panel: 5000,
  registry: 5002,
  weatherSim: 5003,
  weather: 5004,
  kafka: 9092,
  kafkaController: 9093,
  kafkaInner: 9094,
  postgres: 5432,
} as const;

/** The service ports' names. */
export type ServicePort = keyof typeof SERVICE_PORTS;

/** The variable that moves each service's port. */
export const PORT_VARIABLES: Readonly<Record<ServicePort, string>> = {
  centralSockets: 'CENTRAL_SOCKET_PORT',
  centralApi: 'CENTRAL_API_PORT',
  panel: 'PANEL_PORT',
  registry: 'REGISTRY_PORT',
  weatherSim: 'WEATHER_SIM_PORT',
  weather: 'WEATHER_PORT',
  kafka: 'KAFKA_PORT',
  kafkaController: 'KAFKA_CONTROLLER_PORT',
  kafkaInner: 'KAFKA_INNER_PORT',
  postgres: 'POSTGRES_PORT',
};

/** The four ports of one charging point. */
export type PointPorts = { monitor: number; page: number; engineApi: number; monitorApi: number };

/** Ports of the charging point with this index on one computer (0 is the first); throws a RangeError beyond 49: use the fleet. */
export function pointPorts(index: number): PointPorts {
  requireIndex({ index, limit: MOST_POINTS, what: 'charging point' });
  if (index === 0) return { monitor: 8010, page: 5050, engineApi: 5150, monitorApi: 8110 };
  const page = PAGES_ELSEWHERE[index] ?? 5050 + index;
  return { monitor: 8200 + index, page, engineApi: 15_050 + index, monitorApi: 18_110 + index };
}

/** Port of the driver app with this index (0 is the first); throws a RangeError beyond 49. */
export function driverPort(index: number): number {
  requireIndex({ index, limit: MOST_DRIVERS, what: 'driver app' });
  return 5100 + index;
}

/** `CP001` for index 0, `CP002` for index 1. */
export function pointId(index: number): string {
  return `CP${String(index + 1).padStart(3, '0')}`;
}

/** `DRV001` for index 0, `DRV002` for index 1. */
export function driverId(index: number): string {
  return `DRV${String(index + 1).padStart(3, '0')}`;
}

function requireIndex(asked: { index: number; limit: number; what: string }): void {
  if (Number.isInteger(asked.index) && asked.index >= 0 && asked.index < asked.limit) return;
  throw new RangeError(`there is no ${asked.what} ${asked.index}: one computer holds 0 to ${asked.limit - 1}`);
}
