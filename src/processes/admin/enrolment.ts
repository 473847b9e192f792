import { authentication, status } from '../../io/audit/audit-events.ts';
import { argumentsOf, BadArgument, wholeNumber } from '../../io/command-line.ts';
import { createPointWithToken, issueEnrolmentToken } from '../../io/postgres/enrolment.ts';
import { type NewPoint, NewPointSchema } from '../../messages/central-api.ts';
import { compileValidator } from '../../messages/validators.ts';
import type { AdminParts } from './admin-parts.ts';
import { SOURCE, withAudit } from './audited.ts';
import { CommandRefused, idFrom } from './command.ts';

const MAX_USES = 100_000;
const checkPoint = compileValidator(NewPointSchema);

/** `ev admin enrol --uses N [--zone Z]`: a token by which N points of a fleet may register (protocol 2.1). */
async function enrolFleet(parts: AdminParts, fleet: { uses: number; zone?: string }): Promise<void> {
  const { uses, zone } = fleet;
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
export async function enrolPoint(parts: AdminParts, args: readonly string[]): Promise<void> {
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
  const { values, positionals } = argumentsOf(args, {
    positionals: ['CP'],
    options: {
      ...{ zone: option, city: option, country: option, address: option },
      ...{ 'price-e4': option, 'power-w': option, uses: option },
    },
  });
  if (values.uses !== undefined && positionals.length === 0) {
    const uses = wholeNumber(values.uses, { name: '--uses', min: 1, max: MAX_USES });
    return { cpId: '', fleet: { uses, zone: values.zone } };
  }
  const cpId = idFrom(positionals[0], 'the id of the charging point');
  const { zone = '', city = '', country = '', address = '' } = values;
  if (Object.keys(values).length === 0) return { cpId };
  const point = {
    ...{ cpId, zone, city, country, address },
    priceE4PerKwh: Number(values['price-e4'] ?? Number.NaN),
    maxPowerW: Number(values['power-w'] ?? Number.NaN),
  };
  if (!checkPoint.isValid(point)) throw new BadArgument(`the description is not valid: ${checkPoint.complaint(point)}`);
  return { cpId, point };
}
