import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planNetwork, wantedPorts } from './network-plan.ts';
import { listenAddress } from './taken-ports.ts';

test('S-OPS-02: a port is looked for where its process will listen, so that a taken one is found on loopback too', () => {
  const plan = planNetwork({ projectFolder: '/p', points: 1, drivers: 1, env: { EV_HOST: '10.0.0.1' } });
  const outside = wantedPorts(plan).filter((one) => listenAddress(plan, one) === '10.0.0.1');
  assert.deepEqual(outside.map((one) => one.variable).sort(), [
    ...['CENTRAL_API_PORT', 'CENTRAL_SOCKET_PORT', 'CP001_PAGE_PORT', 'DRV001_PORT'],
    ...['KAFKA_PORT', 'PANEL_PORT', 'REGISTRY_PORT'],
  ]);
});
