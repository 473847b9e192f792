import type { Delivery } from '../../../io/channels/central-contract.ts';
import type { DriverToCentral } from '../../../messages/driver-central.ts';
import type { EngineToCentral } from '../../../messages/engine-central.ts';
import { answerDriver, type Handler, type HandlerParts } from './handler-parts.ts';
import { localHold } from './local-hold.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { createMeterReading } from './meter-reading.ts';
import { personalDataWanted } from './personal-data.ts';
import { registerDriver } from './register-driver.ts';
import { resumeSession } from './resume-session.ts';
import { stopRequested } from './stop-requested.ts';
import { supplyAccepted } from './supply-accepted.ts';
import { supplyDeclined } from './supply-declined.ts';
import { supplyEnded } from './supply-ended.ts';
import { supplyRequestedAtPoint, supplyRequestedByDriver } from './supply-requested.ts';
import { supplyStarted } from './supply-started.ts';
import { historyWanted, ticketRead, ticketsReceived } from './tickets.ts';

/** `hello` has its own way in (`hello.ts`): its answer moves the client's lease. */
type PointHandlers = { [Type in Exclude<keyof EngineToCentral, 'hello'>]: Handler };
type DriverHandlers = { [Type in Exclude<keyof DriverToCentral, 'hello'>]: Handler };

const createPointHandlers = (): PointHandlers => ({
  'supply-requested': supplyRequestedAtPoint(false),
  'supply-accepted': supplyAccepted,
  'supply-declined': supplyDeclined,
  'supply-started': supplyStarted,
  'meter-reading': createMeterReading(),
  'supply-ended': supplyEnded,
  'local-hold': localHold,
});

const driverHandlers: DriverHandlers = {
  login,
  'register-driver': registerDriver,
  'resume-session': resumeSession,
  logout,
  'supply-requested': supplyRequestedByDriver(false),
  'stop-requested': stopRequested,
  'tickets-received': ticketsReceived,
  'ticket-read': ticketRead,
  'history-wanted': historyWanted,
  'personal-data-wanted': personalDataWanted,
};

const EXPIRED = { code: 'REQUEST_EXPIRED' } as const;

/** Requests that came too late are answered so; everything else of that kind is dropped (F-10). */
const expiredHandlers: Readonly<Record<string, Handler>> = {
  'point supply-requested': supplyRequestedAtPoint(true),
  'driver supply-requested': supplyRequestedByDriver(true),
  'driver login': (delivery, parts) => answerDriver(delivery, parts, { type: 'login-refused', body: EXPIRED }),
  'driver register-driver': (delivery, parts) =>
    answerDriver(delivery, parts, { type: 'registration-refused', body: EXPIRED }),
  'driver resume-session': (delivery, parts) =>
    answerDriver(delivery, parts, { type: 'session-refused', body: EXPIRED }),
  'driver stop-requested': (delivery, parts) =>
    answerDriver(delivery, parts, { type: 'request-refused', body: { refusal: EXPIRED } }),
};

/** The handlers of one Central. */
export type Handlers = {
  /** Finds the message's handler; the channels deliver catalogued types only. */
  handle(delivery: Delivery): 'in-memory' | Promise<unknown>;
  /** The answer to a request that came too late. */
  handleExpired(delivery: Delivery): Promise<unknown>;
};

export function createHandlers(parts: HandlerParts): Handlers {
  const byKind: Record<Delivery['kind'], Readonly<Record<string, Handler>>> = {
    point: createPointHandlers(),
    driver: driverHandlers,
  };
  return {
    handle(delivery) {
      const handler = byKind[delivery.kind][delivery.envelope.type];
      if (!handler) throw new Error(`no handler for ${delivery.envelope.type}`);
      return handler(delivery, parts);
    },
    async handleExpired(delivery) {
      return expiredHandlers[`${delivery.kind} ${delivery.envelope.type}`]?.(delivery, parts);
    },
  };
}
