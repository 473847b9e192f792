import { security } from '../../io/audit/audit-events.ts';
import { argumentsOf, BadArgument } from '../../io/command-line.ts';
import { newLegiblePassword } from '../../io/crypto/generated-secrets.ts';
import {
  insertOperator,
  listOperators,
  lockAdministrators,
  resetPassword,
  setOperatorDisabled,
  setOperatorRole,
} from '../../io/postgres/operators.ts';
import { OPERATOR_ROLES } from '../../messages/central-api.ts';
import type { AdminParts } from './admin-parts.ts';
import { readOnly, SOURCE, withAudit } from './audited.ts';
import { CommandRefused, oneOf, required, tableLines } from './command.ts';

const OPERATOR_ID = /^[a-z][a-z0-9._-]{0,39}$/;

function nameFrom(value: string | undefined): string {
  const operatorId = required(value, 'the name of the operator');
  if (!OPERATOR_ID.test(operatorId)) throw new BadArgument(`name '${operatorId}' must be like ana or ana.garcia`);
  return operatorId;
}

const unknown = (operatorId: string) => new CommandRefused(`there is no operator '${operatorId}'`);

/** `ev admin operators list`. */
async function list(parts: AdminParts): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const operators = await readOnly(parts, listOperators);
  const rows = operators.map(({ operatorId, role, lockedUntil, disabledAt, sessions }) => [
    operatorId,
    role,
    disabledAt ? 'disabled' : lockedUntil && lockedUntil.getTime() > nowMs ? 'locked' : 'active',
    String(sessions),
  ]);
  for (const line of tableLines([['NAME', 'ROLE', 'STATE', 'SESSIONS'], ...rows])) parts.say(line);
}

/** `ev admin operators add NAME [ROLE]`; prints the password, once. */
export async function addOperator(parts: AdminParts, typed: { name: string | undefined; role: string }): Promise<void> {
  const operatorId = nameFrom(typed.name);
  const role = oneOf(typed.role, OPERATOR_ROLES, 'role');
  const password = newLegiblePassword();
  const passwordHash = await parts.passwords.hash(password);
  await withAudit(parts, async (db, record) => {
    const isNew = await insertOperator(db, { operatorId, passwordHash, role });
    if (!isNew) throw new CommandRefused(`there is an operator '${operatorId}' already`);
    record(security.operatorChanged(SOURCE, { operatorId, change: 'CREATED', role }));
  });
  parts.say(`${role} ${operatorId} made; password: ${password}`);
}

/** `ev admin operators reset-password NAME`: prints a new password, unlocks, ends that operator's sessions. */
export async function resetOperatorPassword(parts: AdminParts, name: string | undefined): Promise<void> {
  const operatorId = nameFrom(name);
  const password = newLegiblePassword();
  const passwordHash = await parts.passwords.hash(password);
  await withAudit(parts, async (db, record) => {
    const isKnown = await db.transaction((tx) => resetPassword(tx, { operatorId, passwordHash }));
    if (!isKnown) throw unknown(operatorId);
    record(security.operatorChanged(SOURCE, { operatorId, change: 'PASSWORD_RESET' }));
  });
  parts.say(`new password of ${operatorId}: ${password}`);
}

/** `ev admin operators role NAME ROLE`. The last administrator stays one: nobody could come back in by a page. */
async function changeRole(parts: AdminParts, typed: { name: string | undefined; role: string }): Promise<void> {
  const operatorId = nameFrom(typed.name);
  const role = oneOf(typed.role, OPERATOR_ROLES, 'role');
  await withAudit(parts, (db, record) =>
    db.transaction(async (tx) => {
      const others = (await lockAdministrators(tx)).filter((one) => one !== operatorId);
      if (role !== 'admin' && others.length === 0)
        throw new CommandRefused(`'${operatorId}' is the only administrator: make another one first`);
      if (!(await setOperatorRole(tx, { operatorId, role }))) throw unknown(operatorId);
      record(security.operatorChanged(SOURCE, { operatorId, change: 'ROLE_CHANGED', role }));
    }),
  );
  parts.say(`${operatorId} is ${role} now`);
}

/** `ev admin operators disable NAME` ends the sessions too; `enable NAME` lets them log in again. */
async function setDisabled(parts: AdminParts, typed: { name: string | undefined; isDisabled: boolean }): Promise<void> {
  const operatorId = nameFrom(typed.name);
  const { isDisabled } = typed;
  await withAudit(parts, (db, record) =>
    db.transaction(async (tx) => {
      const others = (await lockAdministrators(tx)).filter((one) => one !== operatorId);
      if (isDisabled && others.length === 0)
        throw new CommandRefused(`'${operatorId}' is the only administrator: make another one first`);
      if (!(await setOperatorDisabled(tx, { operatorId, isDisabled }))) throw unknown(operatorId);
      record(security.operatorChanged(SOURCE, { operatorId, change: isDisabled ? 'DISABLED' : 'ENABLED' }));
    }),
  );
  parts.say(`${operatorId} ${isDisabled ? 'may not log in any more' : 'may log in again'}`);
}

const ACTIONS = ['list', 'add', 'role', 'disable', 'enable', 'reset-password'] as const;

/** `ev admin operators ACTION ...` (D-15). */
export async function operators(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals } = argumentsOf(args, { positionals: ['ACTION', 'NAME', 'ROLE'] });
  const [typed = 'list', name, role] = positionals;
  const action = oneOf(typed, ACTIONS, 'action');
  switch (action) {
    case 'list':
      return list(parts);
    case 'add':
      return addOperator(parts, { name, role: role ?? 'operator' });
    case 'role':
      return changeRole(parts, { name, role: required(role, 'the role') });
    case 'disable':
    case 'enable':
      return setDisabled(parts, { name, isDisabled: action === 'disable' });
    case 'reset-password':
      return resetOperatorPassword(parts, name);
    default:
      action satisfies never;
  }
}
