import { parseArgs } from 'node:util';
import { openAudit } from '../../io/audit/audit.ts';
import { authentication, security, status } from '../../io/audit/audit-events.ts';
import type { AuditEntry, AuditRecord } from '../../io/audit/audit-record.ts';
import { newLegiblePassword } from '../../io/crypto/generated-secrets.ts';
import { insertAuditRecords } from '../../io/postgres/audit-log.ts';
import type { Database } from '../../io/postgres/database.ts';
import { createPointWithToken, issueEnrolmentToken } from '../../io/postgres/enrolment.ts';
import { insertOperator, resetPassword } from '../../io/postgres/operators.ts';
import { type NewPoint, NewPointSchema, OPERATOR_ROLES } from '../../messages/central-api.ts';
import { compileValidator } from '../../messages/validators.ts';
import { appUrlOf, withDatabase } from './admin-database.ts';
import type { InitParts } from './init.ts';

/** A command that cannot be done as typed; the sentence says why. */
export class CommandRefused extends Error {
  readonly code = 'COMMAND_REFUSED';
}

const SOURCE = { entity: 'ev admin' };
const MAX_USES = 100_000;
const OPERATOR_ID = /^[a-z][a-z0-9._-]{0,39}$/;
const checkPoint = compileValidator(NewPointSchema);

/** `ev admin reset-password OPERATOR`: prints a new password and ends that operator's sessions. */
export async function resetOperatorPassword(parts: InitParts, args: readonly string[]): Promise<void> {
  const [operatorId = ''] = args;
  const password = newLegiblePassword();
  const passwordHash = await parts.passwords.hash(password);
  await withAudit(parts, async (db, record) => {
    const isKnown = await db.transaction((tx) => resetPassword(tx, { operatorId, passwordHash }));
    if (!isKnown) throw new CommandRefused(`there is no operator '${operatorId}'`);
    record(security.operatorChanged(SOURCE, { operatorId, change: 'PASSWORD_RESET' }));
  });
  parts.say(`new password of ${operatorId}: ${password}`);
}

/** `ev admin create-operator NAME ROLE`. */
export async function createOperator(parts: InitParts, args: readonly string[]): Promise<void> {
  const [operatorId = '', wanted = 'operator'] = args;
  if (!OPERATOR_ID.test(operatorId)) throw new CommandRefused('the name must be like ana or ana.garcia');
  const role = OPERATOR_ROLES.find((known) => known === wanted);
  if (!role) throw new CommandRefused(`the role must be one of ${OPERATOR_ROLES.join(', ')}`);
  const password = newLegiblePassword();
  const passwordHash = await parts.passwords.hash(password);
  await withAudit(parts, async (db, record) => {
    const isNew = await insertOperator(db, { operatorId, passwordHash, role });
    if (!isNew) throw new CommandRefused(`there is an operator '${operatorId}' already`);
    record(security.operatorChanged(SOURCE, { operatorId, change: 'CREATED', role }));
  });
  parts.say(`${role} ${operatorId} made; password: ${password}`);
}

/** `ev admin enrol --uses N [--zone Z]`: a token by which N points of a fleet may register (protocol 2.1). */
async function enrolFleet(parts: InitParts, fleet: { uses: number; zone?: string }): Promise<void> {
  const { uses, zone } = fleet;
  if (!Number.isInteger(uses) || uses < 1 || uses > MAX_USES)
    throw new CommandRefused(`--uses takes a whole number from 1 to ${MAX_USES}`);
  const doing = { by: SOURCE.entity, nowMs: parts.clock.nowMs() };
  const token = await withAudit(parts, (db, record) => {
    record(authentication.enrolmentTokenIssued(SOURCE, { uses }));
    return issueEnrolmentToken(db, { uses, zone }, doing);
  });
  const until = new Date(token.expiresAtMs).toISOString();
  parts.say(`enrolment token for ${uses} points, until ${until}: ${token.enrolmentToken}`);
}

/**
 * `ev admin enrol CP004 --zone ALC ...`: creates the point and prints its token. Without a description: a new token for
 * a point that is there, which is an administrator's word that it may register again.
 */
export async function enrolPoint(parts: InitParts, args: readonly string[]): Promise<void> {
  const { cpId, point, fleet } = enrolArguments(args);
  if (fleet) return enrolFleet(parts, fleet);
  const doing = { by: SOURCE.entity, nowMs: parts.clock.nowMs() };
  const token = await withAudit(parts, (db, record) =>
    db.transaction(async (tx) => {
      if (point) {
        const created = await createPointWithToken(tx, point, doing);
        if (!created.isCreated)
          throw new CommandRefused(`${cpId} is there already; ./ev admin enrol ${cpId} gives it a new token`);
        record(status.pointAdded(SOURCE, { cpId, zone: point.zone }));
        record(authentication.enrolmentTokenIssued(SOURCE, { cpId, uses: 1 }));
        return created;
      }
      const known = await tx.row('SELECT 1 FROM charging_points WHERE cp_id = $1 AND retired_at IS NULL', [cpId]);
      if (!known)
        throw new CommandRefused(
          `${cpId} is not known: say --zone, --city, --country, --address, --price-e4 and --power-w`,
        );
      record(authentication.enrolmentTokenIssued(SOURCE, { cpId, uses: 1 }));
      return issueEnrolmentToken(tx, { cpId, uses: 1 }, doing);
    }),
  );
  parts.say(`enrolment token of ${cpId}, until ${new Date(token.expiresAtMs).toISOString()}: ${token.enrolmentToken}`);
}

type EnrolArguments = { cpId: string; point?: NewPoint; fleet?: { uses: number; zone?: string } };

function enrolArguments(args: readonly string[]): EnrolArguments {
  const option = { type: 'string' as const };
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ zone: option, city: option, country: option, address: option },
      ...{ 'price-e4': option, 'power-w': option, uses: option },
    },
  });
  const cpId = positionals[0] ?? '';
  if (values.uses !== undefined && cpId === '')
    return { cpId, fleet: { uses: Number(values.uses), zone: values.zone } };
  const { zone = '', city = '', country = '', address = '' } = values;
  if (Object.keys(values).length === 0) return { cpId };
  const point = {
    ...{ cpId, zone, city, country, address },
    priceE4PerKwh: Number(values['price-e4'] ?? Number.NaN),
    maxPowerW: Number(values['power-w'] ?? Number.NaN),
  };
  if (!checkPoint.isValid(point))
    throw new CommandRefused(`the description is not valid: ${checkPoint.complaint(point)}`);
  return { cpId, point };
}

/** Opens database and audit; what was recorded goes to the file and to `audit_log` once the work is done. */
async function withAudit<T>(
  parts: InitParts,
  work: (db: Database, record: (entry: AuditEntry) => void) => Promise<T>,
): Promise<T> {
  const { config, log } = parts;
  const audit = await openAudit({ component: 'admin', folder: config.auditDir, log });
  const records: AuditRecord[] = [];
  audit.addSink((record) => records.push(record));
  try {
    return await withDatabase(appUrlOf(config), log, async (db) => {
      const entries: AuditEntry[] = [];
      const result = await work(db, (entry) => entries.push(entry));
      for (const entry of entries) audit.record(entry);
      await insertAuditRecords(db, records);
      return result;
    });
  } finally {
    await audit.stop();
  }
}
