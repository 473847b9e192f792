import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Register } from '../../messages/central-api.ts';
import { MonitorWorld, samplePoint } from '../../testing/monitor-world.ts';
import { createCertificateRequest } from '../crypto/csr.ts';
import { findPointLogin, noteFirstUse } from './credentials.ts';
import { createPointWithToken, issueEnrolmentToken } from './enrolment.ts';
import { type Registration, registerPoint } from './registration.ts';
import { retirePoint } from './retirement.ts';

let world: MonitorWorld;
let csr: string;
before(async () => {
  world = await MonitorWorld.open();
  csr = (await createCertificateRequest('cp:ANY')).csrPem;
});
after(() => world.close());

const doing = { by: 'test', nowMs: Date.now() };

function register(request: Omit<Register, 'csr'>, more: { isAdmin?: boolean; nowMs?: number } = {}) {
  const { ca, sealed } = world.trust;
  return registerPoint(world.db, { ...request, csr }, { ca, sealed, isAdmin: false, nowMs: Date.now(), ...more });
}

function secretOf(registration: Registration): string {
  assert.ok(registration.isRegistered, JSON.stringify(registration));
  return registration.answer.secret;
}

async function useOnce(cpId: string): Promise<void> {
  const login = await findPointLogin(world.db, { cpId, replicaId: '00000000-0000-7000-8000-000000000000' });
  assert.ok(login);
  await noteFirstUse(world.db, login.credentialId);
}

const codeOf = (registration: Registration) => (registration.isRegistered ? 'REGISTERED' : registration.code);

test('a registration gives 32 random bytes once, keeps their SHA-256 and a sealed copy, and signs cp:CP001 whatever the CSR says', async () => {
  const { enrolmentToken } = await world.enrol('CP001');
  const registered = await register({ cpId: 'CP001', token: enrolmentToken });
  const secret = secretOf(registered);
  assert.equal(Buffer.from(secret, 'base64url').length, 32);
  assert.ok(registered.isRegistered);
  const certificate = new X509Certificate(registered.answer.certificatePem);
  assert.equal(certificate.subject, 'CN=cp:CP001');
  assert.ok(certificate.verify(new X509Certificate(world.trust.ca.certificatePem).publicKey));
  const row = await world.db.row<{ credential_id: string; secret_sealed: Buffer }>(
    "SELECT credential_id, secret_sealed FROM cp_credentials WHERE cp_id = 'CP001'",
  );
  assert.ok(row);
  const place = { purpose: 'cp-secret', rowId: row.credential_id };
  assert.equal(world.trust.sealed.open(row.secret_sealed, place).toString(), secret);
});

test('lost answer: the same token registers again, at no cost, until the first authentication; then it is spent', async () => {
  const { enrolmentToken: token } = await world.enrol('CP002');
  const first = secretOf(await register({ cpId: 'CP002', token }));
  const second = await register({ cpId: 'CP002', token });
  assert.notEqual(secretOf(second), first);
  assert.equal(second.isRegistered && second.proof, 'REPEATED');
  await useOnce('CP002');
  assert.equal(codeOf(await register({ cpId: 'CP002', token })), 'ALREADY_REGISTERED');
});

test('F-51: without proof a registration in use is not replaced; the present secret, an administrator or his new token may', async () => {
  const secret = await world.register('CP003');
  await useOnce('CP003');
  assert.equal(codeOf(await register({ cpId: 'CP003' })), 'ALREADY_REGISTERED');
  assert.equal(codeOf(await register({ cpId: 'CP003', currentSecret: `${secret}x` })), 'ALREADY_REGISTERED');
  const { enrolmentToken: foreign } = await world.enrol('CP004');
  assert.equal(codeOf(await register({ cpId: 'CP003', token: foreign })), 'ALREADY_REGISTERED');
  const renewed = secretOf(await register({ cpId: 'CP003', currentSecret: secret }));
  assert.equal(codeOf(await register({ cpId: 'CP003', currentSecret: secret })), 'ALREADY_REGISTERED');
  assert.notEqual(renewed, secret);
  secretOf(await register({ cpId: 'CP003' }, { isAdmin: true }));
  const { enrolmentToken } = await issueEnrolmentToken(world.db, { cpId: 'CP003', uses: 1 }, doing);
  secretOf(await register({ cpId: 'CP003', token: enrolmentToken }));
  const rows = await world.db.rows("SELECT 1 FROM cp_credentials WHERE cp_id = 'CP003' AND revoked_at IS NULL");
  assert.equal(rows.length, 1);
});

test('a token that is unknown, of another point or older than a day registers nothing', async () => {
  const { enrolmentToken } = await world.enrol('CP005');
  assert.equal(codeOf(await register({ cpId: 'CP005', token: 'nonsense' })), 'BAD_TOKEN');
  assert.equal(codeOf(await register({ cpId: 'CP777', token: enrolmentToken })), 'BAD_TOKEN');
  const tomorrow = { nowMs: Date.now() + 25 * 3_600_000 };
  assert.equal(codeOf(await register({ cpId: 'CP005', token: enrolmentToken }, tomorrow)), 'BAD_TOKEN');
  const { ca, sealed } = world.trust;
  const noCsr = { cpId: 'CP005', token: enrolmentToken, csr: 'no request' };
  assert.equal(
    codeOf(await registerPoint(world.db, noCsr, { ca, sealed, isAdmin: false, nowMs: Date.now() })),
    'CSR_INVALID',
  );
  secretOf(await register({ cpId: 'CP005', token: enrolmentToken }));
});

test('eight at once with one token of a fleet: as many points as it has uses, never one that is there already', async () => {
  const { enrolmentToken: token } = await issueEnrolmentToken(world.db, { uses: 5 }, doing);
  const { cpId: _cpId, ...place } = samplePoint('X');
  assert.equal(codeOf(await register({ cpId: 'FL100', token })), 'DETAILS_MISSING');
  await world.register('FL101');
  assert.equal(codeOf(await register({ ...place, cpId: 'FL101', token })), 'ALREADY_REGISTERED');
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, i) => register({ ...place, zone: 'MAD', cpId: `FL20${i}`, token })),
  );
  assert.equal(outcomes.filter((one) => one.isRegistered).length, 5);
  const points = await world.db.rows("SELECT 1 FROM charging_points WHERE cp_id LIKE 'FL20%'");
  assert.equal(points.length, 5, 'a refused one leaves no point behind');
  assert.ok(await world.db.row("SELECT 1 FROM zones WHERE zone = 'MAD'"), 'D-17: a zone appears with its first point');
  const repeated = outcomes.findIndex((one) => one.isRegistered);
  assert.equal(codeOf(await register({ ...place, zone: 'MAD', cpId: `FL20${repeated}`, token })), 'REGISTERED');
});

test('the same point is created once; whoever lost the answer asks again with the same words', async () => {
  const create = (change = {}) =>
    world.db.transaction((tx) => createPointWithToken(tx, { ...samplePoint('CP030'), ...change }, doing));
  const [first, second] = [await create(), await create()];
  assert.ok(first.isCreated && second.isCreated && second.isRepeated);
  assert.equal((await create({ address: 'Elsewhere 2' })).isCreated, false);
  secretOf(await register({ cpId: 'CP030', token: second.enrolmentToken }));
  assert.equal((await create()).isCreated, false);
});

test('a retirement is refused while a supply is open; then secret, keys and tokens are void, and the point may come back anew', async () => {
  const secret = await world.register('CP040');
  await world.db.run("INSERT INTO charging_point_holds (cp_id, kind, set_by) VALUES ('CP040', 'OPERATOR', 'test')");
  const retire = () => world.db.transaction((tx) => retirePoint(tx, { cpId: 'CP040', by: 'operator:ana' }));
  const open = `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, origin, state, price_e4_per_kwh, requested_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 'cp:CP040', 'CP040', 'POINT', 'INTERRUPTED', 2500, now())`;
  await world.db.run(open);
  assert.deepEqual(await retire(), { isRetired: false, code: 'SUPPLY_OPEN' });
  await world.db.run("DELETE FROM supplies WHERE cp_id = 'CP040'");
  assert.deepEqual(await retire(), { isRetired: true });
  assert.deepEqual(await retire(), { isRetired: false, code: 'CP_UNKNOWN' });
  assert.equal(codeOf(await register({ cpId: 'CP040', currentSecret: secret })), 'BAD_TOKEN');
  const { enrolmentToken } = await world.enrol('CP040', { address: 'New place 1' });
  assert.deepEqual((await world.facts('CP040')).holds, []);
  assert.notEqual(secretOf(await register({ cpId: 'CP040', token: enrolmentToken })), secret);
});
