import type { Registry } from 'prom-client';
import type { ServiceLeaf } from '../../../io/crypto/service-leaf.ts';
import type { Stoppable } from '../../../io/lifecycle.ts';
import { createEnrolment } from '../../../io/postgres/audited-enrolment.ts';
import { newestTicket } from '../../../io/postgres/tickets.ts';
import type { CentralRooms } from '../central-rooms.ts';
import type { CentralConfig } from '../config.ts';

import type { PointKeys } from '../keys/point-keys.ts';
import { type LoadHistory, startLoadHistory } from '../picture/load-history.ts';
import { type SupplyCurves, startSupplyCurves } from '../picture/supply-curves.ts';
import type { ApiParts } from './api-parts.ts';
import { createJoining, type JoinConfig } from './joining.ts';
import { startCentralApi } from './server.ts';

export type StartApiOptions = {
  config: Pick<CentralConfig, 'host' | 'apiPort' | 'corsOrigins' | 'isPanelPublic'> & JoinConfig;
  keys: PointKeys;
  leaf: ServiceLeaf;
  metrics: Registry;
};

type Histories = { load: LoadHistory; curves: SupplyCurves };

function apiParts(rooms: CentralRooms, options: StartApiOptions, histories: Histories): ApiParts {
  const { database, trust, picture, points, passwords, clock, log, audit, weather } = rooms;
  return {
    database,
    trust,
    joining: createJoining(options.config, rooms.late),
    picture,
    points,
    passwords,
    clock,
    log,
    audit,
    ...histories,
    plugTimeoutMs: rooms.policy.plugTimeoutMs,
    weather,
    keys: options.keys,
    onDriverGone: () => rooms.sessions.changed(),
    isPanelPublic: options.config.isPanelPublic,
    enrolment: createEnrolment({ db: database, clock, audit }),
    async freshPoint(cpId) {
      picture.refresh([cpId]);
      await picture.settled();
      const point = picture.point(cpId);
      if (!point) throw new Error(`${cpId} left the picture while it was changed`);
      return point;
    },
    async ticketNumberOf(supplyId) {
      const ticket = await newestTicket(database, supplyId);
      if (!ticket) throw new Error(`supply ${supplyId} has ended without a ticket`);
      return ticket.ticketNumber;
    },
  };
}

/** Central's API over its rooms: HTTPS with the service's certificate, renewed without a restart. */
export async function startApi(rooms: CentralRooms, options: StartApiOptions): Promise<Stoppable & { port: number }> {
  const { config, leaf, metrics } = options;
  const tls = () => ({ cert: leaf.current().certificatePem, key: leaf.current().privateKeyPem });
  const histories = { load: startLoadHistory(rooms), curves: startSupplyCurves(rooms) };
  const api = await startCentralApi(apiParts(rooms, options, histories), {
    host: config.host,
    port: config.apiPort,
    tls: tls(),
    metrics,
    corsOrigins: config.corsOrigins
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    readiness: () => ({
      database: rooms.late.isDatabaseUp,
      kafka: rooms.kafka.isUp,
      channels: rooms.late.channels?.isReading === true,
    }),
  });
  leaf.onRenewed(() => api.renewTls(tls()));
  return {
    ...api,
    stop: async () => {
      histories.load.stop();
      histories.curves.stop();
      await api.stop();
    },
  };
}
