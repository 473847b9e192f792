const POINT_ID = /^[A-Z][A-Z0-9]{1,19}$/;
const DRIVER_ID = /^[A-Z][A-Z0-9]{1,19}$/;
const ZONE = /^[A-Z][A-Z0-9]{1,7}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Sources of the patterns, for schemas of messages and forms. */

/** Who speaks on a channel: a charging point or a driver process. */
export type ClientId = `cp:${string}` | `driver:${string}`;

/** Id of a charging point, such as CP001. */
export function isCpId(text: string): boolean {
  return POINT_ID.test(text);
}

/** Id of a driver, such as DRV001. */
export function isDriverId(text: string): boolean {
  return DRIVER_ID.test(text);
}

/** Code of a zone, such as ALC (D-17). */
export function isZone(text: string): boolean {
  return ZONE.test(text);
}

/** Lower-case UUID of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** 'cp:CP001' or 'driver:DRV001'. */
export function isClientId(text: string): text is ClientId {
  const [kind, id, rest] = text.split(':');
  if (id === undefined || rest !== undefined) return false;
  return (kind === 'cp' && isCpId(id)) || (kind === 'driver' && isDriverId(id));
}

/** Client id of a charging point. */
export function cpClientId(cpId: string): ClientId {
  return `cp:${cpId}`;
}

/** Client id of a driver process. */
export function driverClientId(driverId: string): ClientId {
  return `driver:${driverId}`;
}

/** The CP's or driver's own id inside a client id. */
export function idOfClient(clientId: ClientId): string {
  return clientId.slice(clientId.indexOf(':') + 1);
}
