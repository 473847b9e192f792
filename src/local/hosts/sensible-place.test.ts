import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadSetting, type HostPlace, networkFiles } from '../network-plan.ts';
import { requireKnownNames, requireNoGuest, requireSensiblePlace } from './sensible-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-place-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const files = networkFiles({ varFolder: folder, projectFolder: folder });
const card = { address: '10.0.0.2', netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false } as const;
const cards = { eth0: [{ ...card, cidr: null }] };
const NOTHING = { registryHost: undefined, furtherHosts: [], isAlone: false };

function refusal(
  further: Partial<HostPlace>,
  asked: Partial<typeof NOTHING> = {},
  env: NodeJS.ProcessEnv = {},
): string {
  const place = {
    ...{ role: 'CENTRAL', varFolder: folder, host: '10.0.0.2', publicHost: '10.0.0.2', centralHost: undefined },
    ...{ brokers: undefined, ports: {}, pointIds: [], driverIds: [], ...further },
  } as HostPlace;
  try {
    requireSensiblePlace(place, { ...NOTHING, ...asked }, { files, env, cards });
    return '';
  } catch (error) {
    assert.ok(error instanceof BadSetting);
    return error.message;
  }
}

test('a guest that is the computer itself is refused by the option that names it', () => {
  assert.match(refusal({ registryHost: '10.0.0.2' }), /^--registry 10\.0\.0\.2 is this computer itself/);
  assert.match(refusal({ furtherHosts: ['10.0.0.3', 'localhost'] }), /^--second localhost is this computer/);
  assert.match(refusal({ centralHost: '10.0.0.2' }), /^--beside 10\.0\.0\.2 is this computer/);
  assert.equal(refusal({ registryHost: '10.0.0.3', furtherHosts: ['10.0.0.3', '10.0.0.4'] }), '');
});

test('a database of somebody else is not ours to open: DATABASE_URL with --registry or --second is refused', () => {
  const env = { DATABASE_URL: 'postgres://db.example/x' };
  assert.match(refusal({ furtherHosts: ['10.0.0.3'] }, {}, env), /DATABASE_URL says another/);
  assert.equal(refusal({}, {}, env), '');
});

test('a guest by a name that leads nowhere is refused in a sentence', async () => {
  const named = { ...NOTHING, furtherHosts: ['10.0.0.3', 'localhost', 'no-such-computer.invalid'] };
  await assert.rejects(requireKnownNames(named), /--second no-such-computer\.invalid: .*does not resolve/);
  await requireKnownNames({ ...NOTHING, registryHost: 'localhost' });
});

test('what belongs to the first computer is refused beside it', () => {
  assert.match(refusal({ centralHost: '10.0.0.1' }, { isAlone: true }), /--alone .* runs beside 10\.0\.0\.1/);
  assert.equal(refusal({ centralHost: '10.0.0.1' }), '');
});

test("--beside never replaces the master key of a network that is here already, nor run_all.sh a further Central's", () => {
  mkdirSync(files.secrets, { recursive: true });
  writeFileSync(files.adminDatabaseUrl, 'postgres://ev_admin:secret@127.0.0.1/postgres\n');
  assert.match(refusal({ centralHost: '10.0.0.1' }), /a network of its own, which --beside would end: .*EV_VAR_DIR/);
  assert.equal(refusal({}), '');
  const last = { role: 'CENTRAL', centralHost: '10.0.0.1' } as HostPlace;
  assert.throws(() => requireNoGuest(last), /further Central, beside 10\.0\.0\.1/);
  requireNoGuest({ ...last, centralHost: undefined });
  requireNoGuest(undefined);
});
