import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newRandomId } from '../../../io/new-id.ts';
import { leasesOfDriver } from '../../../io/postgres/login-sessions.ts';
import { type CentralWorld, createCentralWorld } from '../../../testing/central-world.ts';
import type { RunningCentral } from '../central.ts';

const PASSWORD = 'correct horse';
const ACTOR = { entity: 'driver:DRV900' };
let world: CentralWorld;
let central: RunningCentral;

before(async () => {
  world = await createCentralWorld();
  central = await world.start();
});
after(() => world.stop());

async function newLease(): Promise<string> {
  const leaseId = newRandomId();
  await world.database.run(
    `INSERT INTO channel_leases (lease_id, client_id, zone, topic_number, partition, expires_at)
      VALUES ($1, 'driver:DRV900', $2, 0, 0, now() + interval '10 minutes')`,
    [leaseId, world.zone],
  );
  return leaseId;
}

async function login(driverId: string, password: string, leaseId?: string) {
  return central.rooms.signIn.login({ driverId, password }, { leaseId: leaseId ?? (await newLease()), actor: ACTOR });
}

test('five wrong passwords lock the account, the right one does not open it while it is locked', async () => {
  await world.addDriver('LOCK1', PASSWORD);
  const codes = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const refused = await login('LOCK1', 'wrong');
    codes.push('code' in refused && refused.code);
  }
  assert.deepEqual(codes, ['BAD_CREDENTIALS', 'BAD_CREDENTIALS', 'BAD_CREDENTIALS', 'BAD_CREDENTIALS', 'LOCKED']);
  const locked = await login('LOCK1', PASSWORD);
  assert.ok('code' in locked && locked.code === 'LOCKED' && (locked.retryAfterMs ?? 0) > 50_000);
  await world.database.run("UPDATE drivers SET locked_until = now() - interval '1 second' WHERE driver_id = 'LOCK1'");
  assert.ok('sessionToken' in (await login('LOCK1', PASSWORD)));
});

test('D-15: an unknown driver and a wrong password are answered alike, also the fifth time', async () => {
  await world.addDriver('SOMEBODY1', PASSWORD);
  const codesOf = async (driverId: string) => {
    const codes = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const refused = await login(driverId, 'wrong');
      codes.push('code' in refused && refused.code);
    }
    return codes;
  };
  const codes = await codesOf('NOBODY1');
  assert.deepEqual(codes, [...Array(4).fill('BAD_CREDENTIALS'), 'LOCKED', 'LOCKED']);
  assert.deepEqual(await codesOf('SOMEBODY1'), codes);
});

test('too many tries for one driver are not even computed', async () => {
  const answers = [];
  for (let tries = 0; tries < 21; tries += 1) answers.push(await login('NOBODY2', 'wrong'));
  const last = answers.at(-1)!;
  assert.ok('code' in last && last.code === 'TOO_MANY_REQUESTS' && (last.retryAfterMs ?? 0) > 0);
});

test('what is for a user goes only to the lease that last presented his token', async () => {
  await world.addDriver('BOUND1', PASSWORD);
  const [first, second] = [await newLease(), await newLease()];
  const accepted = await login('BOUND1', PASSWORD, first);
  assert.ok('sessionToken' in accepted);
  assert.deepEqual(await leasesOfDriver(world.database, 'BOUND1'), [first]);
  assert.equal((await central.rooms.signIn.present(accepted.sessionToken, second))?.driverId, 'BOUND1');
  assert.deepEqual(await leasesOfDriver(world.database, 'BOUND1'), [second]);
  await central.rooms.signIn.logout(accepted.sessionToken, ACTOR);
  assert.deepEqual(await leasesOfDriver(world.database, 'BOUND1'), []);
  assert.equal(await central.rooms.signIn.present(accepted.sessionToken, second), undefined);
});

test('no password and no token is stored as it is', async () => {
  await world.addDriver('PLAIN1', PASSWORD);
  const accepted = await login('PLAIN1', PASSWORD);
  assert.ok('sessionToken' in accepted);
  const [driver] = await world.database.rows<{ password_hash: string }>(
    "SELECT * FROM drivers WHERE driver_id = 'PLAIN1'",
  );
  assert.match(driver!.password_hash, /^\$argon2id\$/);
  const sessions = await world.database.rows<{ token_sha256: Buffer }>('SELECT token_sha256 FROM login_sessions');
  assert.ok(
    sessions.every(({ token_sha256 }) => !token_sha256.equals(Buffer.from(accepted.sessionToken, 'base64url'))),
  );
});

test('S-DRV-02 registration: new ids only, e-mail once, login afterwards', async () => {
  const asked = { driverId: 'NEW1', name: 'Ana', email: 'ana@example.org', password: PASSWORD };
  assert.equal(await central.rooms.signIn.register(asked, ACTOR), undefined);
  assert.deepEqual(await central.rooms.signIn.register(asked, ACTOR), { code: 'DRIVER_EXISTS' });
  assert.deepEqual(
    await central.rooms.signIn.register({ ...asked, driverId: 'NEW2', email: 'ANA@example.org' }, ACTOR),
    {
      code: 'EMAIL_EXISTS',
    },
  );
  assert.ok('sessionToken' in (await login('NEW1', PASSWORD)));
});

test('twenty registrations with the same id at once make one driver', async () => {
  const asked = { driverId: 'RACE1', name: 'Ana', password: PASSWORD };
  const answers = await Promise.all(Array.from({ length: 20 }, () => central.rooms.signIn.register(asked, ACTOR)));
  assert.equal(answers.filter((answer) => answer === undefined).length, 1);
});
