import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createAuthorityMaterial } from '../../io/crypto/certificate-authority.ts';
import { BadSetting, type HostPlace, networkFiles, planNetwork } from '../network-plan.ts';
import { type Guest, joinedPlace } from './joined-place.ts';
import type { ScriptRole } from './place.ts';

/** Nobody listens there. */
const NO_PORT = 1;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ev-joined-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function guest(role: ScriptRole, centralHost: string) {
  const place: HostPlace = {
    ...{ role, varFolder: join(folder, 'var', role), host: '127.0.0.1', publicHost: '127.0.0.1', centralHost },
    ...{ brokers: undefined, ports: { centralApi: NO_PORT }, pointIds: [], driverIds: [] },
  };
  const plan = planNetwork({ projectFolder: folder, points: 0, drivers: 0, place, env: {} });
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const asked: Guest = { role, place, plan, last: undefined, wantedHost: undefined, env: {}, say };
  return { asked, files: networkFiles(plan), lines };
}

function keep(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The sentence that it is refused with. */
async function refusal(asked: Guest): Promise<string> {
  const error = await joinedPlace(asked).then(
    () => assert.fail('it has joined'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof BadSetting);
  return error.message;
}

test('a computer that has joined nothing and has no code is told whose script prints one for its kind', async () => {
  const { asked } = guest('DRIVERS', '127.0.0.1');
  assert.match(await refusal(asked), /^EV_JOIN is missing: .* EV_Central\/start\.sh prints the code for drivers$/);
});

test('a name of Central that does not resolve ends the start at once, and the code is kept from the processes', async () => {
  const { asked } = guest('POINTS', 'no-such-central.invalid');
  const env: NodeJS.ProcessEnv = { EV_JOIN: 'ev1.a.b', OTHER: 'stays' };
  assert.match(await refusal({ ...asked, env }), /\(CENTRAL_HOST, CENTRAL_API_PORT\): the name .* does not resolve/);
  assert.deepEqual(env, { OTHER: 'stays' });
});

test('beside Central, in the same folder, its code for this kind is at hand; a Central that is away is said, and waited for', async () => {
  const { asked, lines } = guest('POINTS', '127.0.0.1');
  keep(networkFiles({ varFolder: join(folder, 'var'), projectFolder: folder }).joinCode('points'), 'cut when copied\n');
  assert.match(await refusal(asked), /^EV_JOIN is no join code/);
  assert.match(
    lines.join('\n'),
    /^Not reached yet, tried on: Central's API at 127\.0\.0\.1:1 .*: nothing listens there/,
  );
});

test('a computer that has joined needs no code and no Central: it keeps what it was told, and its database follows a first computer that moved', async () => {
  const { asked, files } = guest('REGISTRY', '127.0.0.1');
  keep(files.hostToken, 'token\n');
  keep(files.pageLeaf, 'leaf\n');
  keep(files.ca, (await createAuthorityMaterial('test', Date.now())).certificatePem);
  keep(files.registryDatabaseUrl, 'postgres://registry:secret@192.0.2.1:5432/ev\n');
  const told = { centralApiUrls: [], centralSockets: [], registryUrl: 'https://127.0.0.1:5002' };
  const place = { ...asked.place, told };
  const last = { ...place, centralHost: '192.0.2.1' };
  assert.deepEqual(await joinedPlace({ ...asked, place, last }), place);
  assert.equal(readFileSync(files.registryDatabaseUrl, 'utf8'), 'postgres://registry:secret@127.0.0.1:5432/ev\n');
});
