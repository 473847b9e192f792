import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostPlace } from '../network-plan.ts';
import { hasMovedAway, isElsewhere, listenHost } from './place.ts';

const card = { address: '10.0.0.2', netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false } as const;
const cards = { eth0: [{ ...card, cidr: null }] };
const place: HostPlace = {
  ...{ role: 'CENTRAL', varFolder: '/v', host: '10.0.0.2', publicHost: '10.0.0.2', centralHost: undefined },
  ...{ brokers: undefined, ports: {}, pointIds: [], driverIds: [] },
};

test('F-07: an address that was this computer’s own and is no more is noticed; a name or a router’s never was', () => {
  assert.equal(hasMovedAway('10.0.0.2', place, cards), false);
  assert.equal(hasMovedAway('10.0.0.9', { ...place, host: '10.0.0.9', publicHost: '10.0.0.9' }, cards), true);
  assert.equal(listenHost('pc2.lan', cards), '0.0.0.0');
  assert.equal(hasMovedAway('pc2.lan', { ...place, host: '0.0.0.0', publicHost: 'pc2.lan' }, cards), false);
  assert.equal(hasMovedAway('10.0.0.9', undefined, cards), false);
});

test('a new address, Central or port given to a computer that runs is not passed over', () => {
  const kept = JSON.parse(JSON.stringify(place)) as HostPlace;
  assert.equal(isElsewhere(place, kept), false);
  assert.equal(isElsewhere(place, undefined), false);
  assert.equal(isElsewhere({ ...place, publicHost: '10.0.0.3' }, kept), true);
  assert.equal(isElsewhere({ ...place, centralHost: '10.0.0.3' }, kept), true);
  assert.equal(isElsewhere({ ...place, ports: { centralSockets: 9_020 } }, kept), true);
});
