import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostPlace } from '../network-plan.ts';
import { type Asked, askedPlace } from './asked-place.ts';
import { hostArguments } from './host-arguments.ts';
import type { ScriptRole } from './place.ts';

const card = { address: '10.0.0.2', netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false } as const;
const cards = { eth0: [{ ...card, cidr: null }] };
const HERE = { publicHost: '10.0.0.2', host: '10.0.0.2' };
const told = { centralApiUrls: [], centralSockets: ['10.0.0.1:8020'] } as unknown as HostPlace['told'];

/** The place of a script that was told this line on the computer 10.0.0.2, and what it said meanwhile. */
async function placed(role: ScriptRole, line = '', more: Partial<Asked> = {}) {
  const lines: string[] = [];
  const place = await askedPlace({
    ...{ role, varFolder: '/v', last: undefined, wantedHost: undefined, isBeside: false, env: {}, cards },
    said: hostArguments(role, line.split(' ').filter(Boolean)),
    say: (said) => lines.push(said),
    findAddress: async () => ({ address: '10.0.0.2', how: 'interface eth0' }),
    ...more,
  });
  return { place, lines };
}

test('S-OPS-03: the first Central takes the address that it finds and says which; one that was told is not looked for', async () => {
  const found = await placed('CENTRAL');
  assert.deepEqual(found.lines, ['This computer is 10.0.0.2 (interface eth0; EV_HOST says another)']);
  assert.equal(found.place.publicHost, '10.0.0.2');
  assert.equal(found.place.host, '10.0.0.2');
  assert.equal(found.place.centralHost, undefined);
  const wanted = await placed('CENTRAL', '', { wantedHost: 'pc2.lan' });
  assert.deepEqual(wanted.lines, []);
  assert.deepEqual([wanted.place.publicHost, wanted.place.host], ['pc2.lan', '0.0.0.0']);
});

test('points without a word of Central have it beside them, at the address of this computer', async () => {
  const { place, lines } = await placed('POINTS');
  assert.equal(lines.length, 1);
  assert.deepEqual([place.centralHost, place.publicHost, place.host], ['10.0.0.2', '127.0.0.1', '127.0.0.1']);
  assert.deepEqual([place.pointIds, place.driverIds], [['CP001'], []]);
});

test('a start without arguments means what was said the last time', async () => {
  const first = await placed('POINTS', '10.0.0.1 9020 CP004 CP002', { wantedHost: '10.0.0.2' });
  const last = { ...first.place, told };
  const again = await placed('POINTS', '', { last });
  assert.deepEqual(again.place, last);
  assert.deepEqual(again.place.ports, { centralSockets: 9_020 });
  assert.deepEqual(again.lines, []);
});

test('what another Central has told, its broker and its port, is not carried to a new one', async () => {
  const { place: first } = await placed('POINTS', '10.0.0.1 9020 CP001');
  const last = { ...first, told, brokers: '10.0.0.1:9092' };
  const moved = await placed('POINTS', '10.0.0.9', { last });
  assert.deepEqual([moved.place.told, moved.place.brokers, moved.place.ports], [undefined, undefined, {}]);
  const same = await placed('POINTS', '10.0.0.1', { last });
  assert.deepEqual([same.place.told, same.place.brokers, same.place.ports], [told, '10.0.0.1:9092', last.ports]);
});

test("S-OPS-05: the port that drivers name is the broker's, and KAFKA_BROKERS replaces it", async () => {
  const { place } = await placed('DRIVERS', '10.0.0.1 9093 DRV002');
  assert.deepEqual([place.brokers, place.ports, place.driverIds], ['10.0.0.1:9093', {}, ['DRV002']]);
  const given = await placed('DRIVERS', '10.0.0.1 9093', { env: { KAFKA_BROKERS: 'kafka.lan:9092' } });
  assert.equal(given.place.brokers, 'kafka.lan:9092');
  assert.equal((await placed('DRIVERS', 'fd00::1 9093')).place.brokers, '[fd00::1]:9093');
});

test('S-OPS-04: ids named beside a running supervisor come after those of before, which keep their places and so their ports', async () => {
  const { place: last } = await placed('POINTS', '10.0.0.1 CP004 CP002');
  const beside = await placed('POINTS', 'CP003 CP002', { last, isBeside: true });
  assert.deepEqual(beside.place.pointIds, ['CP004', 'CP002', 'CP003']);
  const alone = await placed('POINTS', 'CP003 CP002', { last });
  assert.deepEqual(alone.place.pointIds, ['CP002', 'CP003']);
});

test('a further Central is added to those of before, and --alone ends all of them and Registry elsewhere', async () => {
  const { place: last } = await placed('CENTRAL', '10.0.0.2 --registry 10.0.0.3 --second 10.0.0.4');
  const more = await placed('CENTRAL', '--second 10.0.0.5 --second 10.0.0.4', { last });
  assert.deepEqual(more.place.furtherHosts, ['10.0.0.4', '10.0.0.5']);
  assert.equal(more.place.registryHost, '10.0.0.3');
  const alone = await placed('CENTRAL', '--alone', { last });
  assert.deepEqual([alone.place.furtherHosts, alone.place.registryHost], [[], undefined]);
});

test('F-07: an address of the last time that no card has any more is said, and all are listened at', async () => {
  const { place } = await placed('POINTS', '10.0.0.1', { wantedHost: '10.0.0.2' });
  const last = { ...place, ...HERE };
  const moved = await placed('POINTS', '', { last, cards: { eth0: [{ ...card, address: '10.0.0.7', cidr: null }] } });
  assert.match(moved.lines.join('\n'), /^10\.0\.0\.2 is no address of this computer any more: /);
  assert.deepEqual([moved.place.publicHost, moved.place.host], ['10.0.0.2', '0.0.0.0']);
});
