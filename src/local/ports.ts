/** The one table of ports (protocol 10), pure: every default address of a local network comes from here. */

const MOST_POINTS = 50;
const MOST_DRIVERS = 50;

/** Ports of the services of which there is one. */
export const SERVICE_PORTS = {
  centralSockets: 8020,
  centralApi: 8021,
  panel: 5000,
  registry: 5002,
  kafka: 9092,
  kafkaController: 9093,
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
  kafka: 'KAFKA_PORT',
  kafkaController: 'KAFKA_CONTROLLER_PORT',
  postgres: 'POSTGRES_PORT',
};

/** The four ports of one charging point. */
export type PointPorts = { monitor: number; page: number; engineApi: number; monitorApi: number };

/** Ports of the charging point with this index on one computer (0 is the first); throws a RangeError beyond 49: use the fleet. */
export function pointPorts(index: number): PointPorts {
  requireIndex({ index, limit: MOST_POINTS, what: 'charging point' });
  if (index === 0) return { monitor: 8010, page: 5050, engineApi: 5150, monitorApi: 8110 };
  return { monitor: 8200 + index, page: 5050 + index, engineApi: 15_050 + index, monitorApi: 18_110 + index };
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
