import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOfCard, isOwnAddress, linuxDefaultCard, macDefaultCard } from './own-address.ts';

const ROUTES = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
tun0	0000000A	00000000	0001	0	0	50	000000FF	0	0	0
eth0	00000000	0100A8C0	0003	0	0	100	00000000	0	0	0
`;
const card = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4') =>
  ({ address, family, netmask: '', mac: '', internal: false, cidr: null, scopeid: 0 }) as never;

test('S-CFG-08 F-07: of VPN, docker0, WiFi and cable the interface of the default route is taken, lowest metric first', () => {
  assert.equal(linuxDefaultCard(ROUTES), 'eth0');
  assert.equal(linuxDefaultCard(ROUTES.split('\n').slice(0, 2).join('\n')), undefined);
  assert.equal(macDefaultCard('   route to: default\n  interface: en0\n      flags: <UP>\n'), 'en0');
  assert.equal(macDefaultCard('route: writing to routing socket: not in table'), undefined);
});

test('S-CFG-08: IPv4 comes first, and an address of the link alone is none', () => {
  const cards = {
    eth0: [card('fe80::1', 'IPv6'), card('192.168.1.10')],
    v6: [card('fe80::2', 'IPv6'), card('2001:db8::2', 'IPv6')],
  };
  assert.equal(addressOfCard(cards, 'eth0'), '192.168.1.10');
  assert.equal(addressOfCard(cards, 'v6'), '2001:db8::2');
  assert.equal(addressOfCard(cards, 'eth1'), undefined);
  assert.ok(isOwnAddress('192.168.1.10', cards) && !isOwnAddress('203.0.113.7', cards));
});
