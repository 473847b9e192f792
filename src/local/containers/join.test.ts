import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HostPlace, planNetwork } from '../network-plan.ts';
import { addressLines } from './join.ts';

const place: HostPlace = {
  ...{ role: 'POINTS', varFolder: '/v', host: '0.0.0.0', publicHost: '127.0.0.1', centralHost: '10.0.0.1' },
  ...{ brokers: undefined, ports: {}, pointIds: ['CP001'], driverIds: [] },
};
const told = {
  registryUrl: 'https://10.0.0.3:5002',
  centralApiUrls: ['https://10.0.0.1:8021', 'https://10.0.0.4:8021'],
  centralSockets: ['10.0.0.1:8020', '10.0.0.4:8020'],
};
const linesOf = (further: Partial<HostPlace>) =>
  addressLines(planNetwork({ projectFolder: '/p', points: 0, drivers: 0, place: { ...place, ...further }, env: {} }));

test('R2-70 R1-G15: the containers of a point find Registry and every Central where Central says, else beside it', () => {
  assert.equal(
    linesOf({}),
    'REGISTRY_URL="https://10.0.0.1:5002"\nCENTRAL_API_URL="https://10.0.0.1:8021"\nCENTRAL_SOCKETS="10.0.0.1:8020"\n',
  );
  assert.equal(
    linesOf({ told }),
    'REGISTRY_URL="https://10.0.0.3:5002"\nCENTRAL_API_URL="https://10.0.0.1:8021,https://10.0.0.4:8021"\nCENTRAL_SOCKETS="10.0.0.1:8020,10.0.0.4:8020"\n',
  );
});

test('R1-G15: a panel beside a second Central asks that one first, which tells those that join where Registry is', () => {
  const lines = linesOf({ role: 'CENTRAL', host: 'central-backend', publicHost: '10.0.0.4', pointIds: [], told });
  assert.match(lines, /^CENTRAL_API_URL="https:\/\/central-backend:8021,https:\/\/10\.0\.0\.1:8021/m);
  assert.match(lines, /^JOIN_REGISTRY_URL="https:\/\/10\.0\.0\.3:5002"$/m);
});
