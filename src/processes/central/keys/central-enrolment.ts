import type { Audit } from '../../../io/audit/audit.ts';
import { authentication, status } from '../../../io/audit/audit-events.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { createPointWithToken } from '../../../io/postgres/enrolment.ts';
import { retirePoint } from '../../../io/postgres/retirement.ts';
import type { NewPoint, PointCreated } from '../../../messages/central-api.ts';
import type { Actor } from '../parts.ts';

/** How points come into the network and leave it, as Central's API offers it (S-API-04, S-API-05). */
export type CentralEnrolment = {
  /** `CP_EXISTS`: it is there and not retired. */
  create(point: NewPoint, actor: Actor): Promise<PointCreated | { refusal: 'CP_EXISTS' }>;
  retire(cpId: string, actor: Actor): Promise<'RETIRED' | 'SUPPLY_OPEN' | 'CP_UNKNOWN'>;
};

/** The same functions as Registry and `ev admin` use, with Central's audit. */
export function createCentralEnrolment(parts: { db: Database; clock: Clock; audit: Audit }): CentralEnrolment {
  const { db, clock, audit } = parts;
  return {
    async create(point, actor) {
      const doing = { by: actor.entity, nowMs: clock.nowMs() };
      const created = await db.transaction((tx) => createPointWithToken(tx, point, doing));
      if (!created.isCreated) return { refusal: 'CP_EXISTS' };
      const { cpId, zone } = point;
      if (!created.isRepeated) audit.record(status.pointAdded(actor, { cpId, zone }));
      audit.record(authentication.enrolmentTokenIssued(actor, { cpId, uses: 1 }));
      return { cpId, enrolmentToken: created.enrolmentToken, expiresAtMs: created.expiresAtMs };
    },
    async retire(cpId, actor) {
      const retired = await db.transaction((tx) => retirePoint(tx, { cpId, by: actor.entity }));
      if (!retired.isRetired) return retired.code;
      audit.record(authentication.pointUnregistered(actor, { cpId }));
      return 'RETIRED';
    },
  };
}
