import type { NewPoint, PointCreated } from '../../messages/central-api.ts';
import type { Audit, AuditSource } from '../audit/audit.ts';
import { authentication, status } from '../audit/audit-events.ts';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';
import { createPointWithToken } from './enrolment.ts';
import { retirePoint } from './retirement.ts';

/** How points come into the network and leave it by a person's word, as Central's and Registry's APIs offer it (S-API-04, S-API-05). */
export type Enrolment = {
  /** `CP_EXISTS`: it is there and not retired. */
  create(point: NewPoint, actor: AuditSource): Promise<PointCreated | { refusal: 'CP_EXISTS' }>;
  retire(cpId: string, actor: AuditSource): Promise<'RETIRED' | 'SUPPLY_OPEN' | 'CP_UNKNOWN'>;
};

/** The same functions as `ev admin` uses, audited by who owns `audit`. */
export function createEnrolment(parts: { db: Database; clock: Clock; audit: Audit }): Enrolment {
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
