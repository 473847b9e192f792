import { security } from '../../io/audit/audit-events.ts';
import { argumentsOf, BadArgument } from '../../io/command-line.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import { sealedSecretOf } from '../../io/postgres/credentials.ts';
import { openTrust } from '../../io/postgres/network-trust.ts';
import type { AdminParts } from './admin-parts.ts';
import { askCentral } from './ask-central.ts';
import { readOnly, SOURCE, withAudit } from './audited.ts';
import { CommandRefused, idFrom, required } from './command.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const THE_POINT = 'the id of the charging point';

/** `ev admin revoke-key CP001` (D-12, R2-23). */
export async function revokeKey(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals } = argumentsOf(args, { positionals: ['CP'] });
  const cpId = idFrom(positionals[0], THE_POINT);
  const path = `/api/charging_points/${cpId}/revoke-key`;
  await readOnly(parts, (db) => askCentral(db, parts, { scope: 'keys:revoke', method: 'POST', path }));
  parts.say(`key of ${cpId} revoked; "authenticate again" at its Monitor brings it back`);
}

/** `ev admin settle SUPPLY`: closes an INTERRUPTED supply from its last snapshot (D-10). */
export async function settleSupply(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals } = argumentsOf(args, { positionals: ['SUPPLY'] });
  const supplyId = required(positionals[0], 'the id of the supply').toLowerCase();
  if (!UUID.test(supplyId)) throw new BadArgument(`supply '${supplyId}' must be a UUID; the panel shows it`);
  const path = `/api/supplies/${supplyId}/settle`;
  const settled = (await readOnly(parts, (db) =>
    askCentral(db, parts, { scope: 'supplies:settle', method: 'POST', path }),
  )) as { endReason: string; energyWh: number; ticketNumber: number };
  parts.say(`settled: ${settled.energyWh} Wh, ${settled.endReason}, ticket ${settled.ticketNumber}`);
}

/** `ev admin show-secret CP001`: the recoverable copy of a point's secret (D-14, S-REG-06); each look is audited. */
export async function showSecret(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals } = argumentsOf(args, { positionals: ['CP'] });
  const cpId = idFrom(positionals[0], THE_POINT);
  const masterKey = masterKeyFrom(parts.config);
  const secret = await withAudit(parts, async (db, record) => {
    const { sealed } = await openTrust(db, masterKey);
    const found = await sealedSecretOf(db, cpId, sealed);
    if (found === undefined) throw new CommandRefused(`${cpId} has no living credential`);
    record(security.secretRevealed(SOURCE, { cpId }));
    return found;
  });
  parts.say(`secret of ${cpId}: ${secret}`);
}
