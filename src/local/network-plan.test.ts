import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { centralApiUrl, centralApiUrls, centralSockets, registryUrl } from './addresses.ts';
import { brokersOf, kafkaOfCentral, kafkaOptions } from './kafka-plan.ts';
import { serverProperties } from './kafka-settings.ts';
import { describeNetwork } from './network-file.ts';
import {
  BadSetting,
  databaseGuests,
  type HostPlace,
  type HostRole,
  networkFiles,
  planNetwork,
  wantedPorts,
} from './network-plan.ts';
import type { Program } from './os-process.ts';
import { accessRules } from './postgres-plan.ts';
import { fingerprintOf } from './process-record.ts';
import { isProcessOf, processTable } from './process-table.ts';

function plan(env: NodeJS.ProcessEnv = {}, points = 3) {
  return planNetwork({ projectFolder: '/p', points, drivers: 1, env });
}

test('the local network has its points in two zones', () => {
  assert.deepEqual(
    plan().points.map((point) => [point.cpId, point.zone]),
    [
      ['CP001', 'ALC'],
      ['CP002', 'MAD'],
      ['CP003', 'ALC'],
    ],
  );
});

test('an app uses the zone of its number if a point is in it, else the first that exists: start order does not matter', () => {
  const zones = (points: number, env: NodeJS.ProcessEnv = {}) =>
    planNetwork({ projectFolder: '/p', points, drivers: 2, env }).drivers.map(({ zone }) => zone);
  assert.deepEqual(zones(2), ['ALC', 'MAD']);
  assert.deepEqual(zones(1), ['ALC', '']);
  assert.deepEqual(zones(0), ['', '']);
  assert.deepEqual(zones(1, { EV_ZONE: 'MUR' }), ['MUR', 'MUR']);
});

test('EV_PORT_OFFSET moves every port, a variable of its own moves one', () => {
  const moved = plan({ EV_PORT_OFFSET: '1000', PANEL_PORT: '7777', CP002_PAGE_PORT: '7778' });
  assert.equal(moved.ports.panel, 7_777);
  assert.equal(moved.ports.centralApi, 9_021);
  assert.equal(moved.points[0]?.ports.monitor, 9_010);
  assert.equal(moved.points[1]?.ports.page, 7_778);
});

test('a port that is no number or out of range is refused by the name of its variable', () => {
  assert.throws(() => plan({ PANEL_PORT: 'five' }), BadSetting);
  assert.throws(() => plan({ PANEL_PORT: 'five' }), /PANEL_PORT='five'/);
  assert.throws(() => plan({ EV_PORT_OFFSET: '60000' }), /is not a port/);
});

test('each wanted port names the process and the variable that moves it', () => {
  const wanted = wantedPorts(plan());
  assert.deepEqual(
    wanted.find((one) => one.port === 5_050),
    { owner: 'cp001-web', port: 5_050, variable: 'CP001_PAGE_PORT' },
  );
  assert.equal(new Set(wanted.map((one) => one.variable)).size, wanted.length);
});

test("a given broker is used, and then Kafka's ports are nobody's", () => {
  const external = plan({ KAFKA_BROKERS: 'kafka.example:9092' });
  assert.equal(external.externalBrokers, 'kafka.example:9092');
  assert.ok(!wantedPorts(external).some((one) => one.owner === 'kafka'));
});

function named(role: HostRole, centralHost?: string, further: Partial<HostPlace> = {}) {
  const place = {
    ...{ role, varFolder: '/v', host: '10.0.0.2', publicHost: '10.0.0.2', centralHost, brokers: undefined, ports: {} },
    ...{ pointIds: role === 'POINTS' ? ['CP004', 'CP002'] : [], driverIds: role === 'DRIVERS' ? ['DRV002'] : [] },
    ...further,
  };
  const on = planNetwork({ projectFolder: '/p', points: 0, drivers: 0, place, env: {} });
  return { on, names: processTable(on, () => {}).map((one) => one.name) };
}

test('S-OPS-13 R2-70: one computer of several runs its part only, and finds the rest at the address it was given', () => {
  assert.deepEqual(named('CENTRAL').names, ['postgres', 'kafka', 'central', 'registry', 'central-web']);
  const points = named('POINTS', 'central.lan');
  assert.deepEqual(
    points.names.filter((name) => name.endsWith('-engine') || name === 'weather'),
    ['weather', 'cp004-engine', 'cp002-engine'],
  );
  assert.deepEqual([brokersOf(points.on), centralApiUrl(points.on)], ['central.lan:9092', 'https://central.lan:8021']);
  assert.equal(points.on.points[0]?.ports.page, 5_050);
  assert.deepEqual(named('DRIVERS', 'central.lan').names, ['drv002']);
});

test('a point or an app is meant with all its processes, and no other that its id begins', () => {
  const names = [...named('POINTS', 'central.lan').names, ...named('DRIVERS', 'central.lan').names];
  const of = (id: string) => names.filter((name) => isProcessOf(id, name));
  assert.deepEqual(of('CP004'), ['cp004-monitor', 'cp004-engine', 'cp004-web']);
  assert.deepEqual(of('DRV002'), ['drv002']);
  assert.deepEqual(of('CP00'), []);
});

test('R2-70: Registry on a computer of its own runs nowhere else, and only that computer may reach the database, over TLS', () => {
  const first = named('CENTRAL', undefined, { registryHost: '10.0.0.3' });
  assert.deepEqual(first.names, ['postgres', 'kafka', 'central', 'central-web']);
  assert.equal(registryUrl(first.on), 'https://10.0.0.3:5002');
  assert.deepEqual(accessRules(first.on).trim().split('\n'), [
    'host all all 127.0.0.1/32 scram-sha-256',
    'hostssl "ev_charging" "ev_charging_registry" "10.0.0.3/32" scram-sha-256',
  ]);
  // A word of pg_hba.conf that means everybody, unless it is quoted.
  const calledAll = named('CENTRAL', undefined, { registryHost: 'all' });
  assert.match(accessRules(calledAll.on), / "all" scram-sha-256$/m);
  assert.deepEqual(named('REGISTRY', '10.0.0.1').names, ['registry']);
  assert.deepEqual(databaseGuests(named('CENTRAL').on), []);
});

test('R1-G15: a further Central uses the database and broker of the first, and each panel knows both', () => {
  const first = named('CENTRAL', undefined, { furtherHosts: ['10.0.0.4'] });
  assert.deepEqual(databaseGuests(first.on), [{ service: 'central', host: '10.0.0.4' }]);
  assert.deepEqual(centralApiUrls(first.on), ['https://10.0.0.2:8021', 'https://10.0.0.4:8021']);
  const second = named('CENTRAL', '10.0.0.1');
  assert.deepEqual(second.names, ['central', 'central-web']);
  assert.deepEqual(centralApiUrls(second.on), ['https://10.0.0.2:8021', 'https://10.0.0.1:8021']);
  assert.equal(brokersOf(second.on), '10.0.0.1:9092');
  const shown = describeNetwork(second.on, { views: [], startedAtMs: 0, readyAfterMs: undefined, hasStarted: true });
  assert.equal(shown.centralSockets, '10.0.0.2:8020', 'its own, not those of the first');
  assert.equal(kafkaOfCentral(second.on).KAFKA_CONTROLLER, undefined);
});

test('an IPv6 address stands in brackets wherever a port follows, and bare where it is listened at', () => {
  const v6 = { host: 'fd00::2', publicHost: 'fd00::2' };
  const first = named('CENTRAL', undefined, { ...v6, registryHost: 'fd00::3', furtherHosts: ['fd00::4'] }).on;
  assert.deepEqual(centralApiUrls(first), ['https://[fd00::2]:8021', 'https://[fd00::4]:8021']);
  assert.equal(registryUrl(first), 'https://[fd00::3]:5002');
  assert.match(accessRules(first), / "fd00::4\/128" scram/);
  assert.equal(kafkaOfCentral(first).KAFKA_ADVERTISED_BROKERS, '[fd00::2]:9092');
  const points = named('POINTS', 'fd00::1', v6).on;
  assert.deepEqual([brokersOf(points), centralSockets(points)], ['[fd00::1]:9092', '[fd00::1]:8020']);
  for (const { name, address } of processTable(points, () => {}))
    assert.ok(!address.startsWith('http') || URL.canParse(address), `${name} ${address}`);
});

test('what Central told a computer that joined counts there', () => {
  const told = {
    registryUrl: 'https://10.0.0.3:5002',
    centralApiUrls: ['https://10.0.0.4:8021'],
    centralSockets: ['10.0.0.4:8020'],
  };
  const points = named('POINTS', '10.0.0.1', { told }).on;
  assert.equal(registryUrl(points), 'https://10.0.0.3:5002');
  assert.deepEqual(centralApiUrls(points), ['https://10.0.0.1:8021', 'https://10.0.0.4:8021']);
  assert.equal(centralSockets(points), '10.0.0.1:8020,10.0.0.4:8020');
});

test('F-06: a value in quotation marks is refused by the name of its variable', () => {
  assert.throws(() => plan({ KAFKA_BROKERS: '"10.0.0.1:9092"' }), /KAFKA_BROKERS: .*quotation marks/);
  assert.throws(() => plan({ EV_HOST: "'10.0.0.1'" }), /EV_HOST/);
});

test('R2-27: Kafka is plain on loopback and secured as soon as anything is beyond it; F-04: it names its outer address', () => {
  assert.equal(plan().isKafkaSecured, false);
  assert.deepEqual(kafkaOfCentral(plan()), {});
  assert.equal(plan({ EV_KAFKA_SECURED: 'true' }).isKafkaSecured, true);
  const open = plan({ EV_HOST: '0.0.0.0', EV_PUBLIC_HOST: '10.0.0.1' });
  assert.equal(brokersOf(open), '127.0.0.1:9094');
  assert.equal(kafkaOfCentral(open).KAFKA_ADVERTISED_BROKERS, '10.0.0.1:9092');
  const secured = kafkaOptions(open, () => {}).secured;
  const settings = serverProperties({ ...kafkaOptions(open, () => {}), dataFolder: '/d', secured });
  assert.match(settings, /^advertised\.listeners=OUTER:\/\/10\.0\.0\.1:9092,INNER:\/\/127\.0\.0\.1:9094$/m);
  assert.match(settings, /^allow\.everyone\.if\.no\.acl\.found=false$/m);
  assert.doesNotMatch(settings, /PLAINTEXT|password/);
});

test('a service whose login or key is another now is another program, which is not taken over as it runs', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ev-reads-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { on } = named('REGISTRY', '10.0.0.1', { varFolder: folder });
  const files = networkFiles(on);
  mkdirSync(files.secrets);
  const fingerprint = async () => {
    const registry = processTable(on, () => {}).find(({ name }) => name === 'registry');
    return fingerprintOf((await registry?.prepare(AbortSignal.timeout(1_000))) as Program);
  };
  writeFileSync(files.registryDatabaseUrl, 'postgres://registry:secret@10.0.0.1:5432/ev\n');
  const before = await fingerprint();
  assert.equal(await fingerprint(), before);
  writeFileSync(files.registryDatabaseUrl, 'postgres://registry:secret@10.0.0.2:5432/ev\n');
  assert.notEqual(await fingerprint(), before);
});
