import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  driverId,
  driverPort,
  isOpenedByBrowsers,
  PORT_VARIABLES,
  pointId,
  pointPorts,
  SERVICE_PORTS,
} from './ports.ts';

test('the first charging point has the ports of the assignment', () => {
  assert.deepEqual(pointPorts(0), { monitor: 8010, page: 5050, engineApi: 5150, monitorApi: 8110 });
});

test('the second and the last charging point follow the table of protocol 10', () => {
  assert.deepEqual(pointPorts(1), { monitor: 8201, page: 5051, engineApi: 15_051, monitorApi: 18_111 });
  assert.deepEqual(pointPorts(49), { monitor: 8249, page: 5099, engineApi: 15_099, monitorApi: 18_159 });
});

test('no two processes of the largest local network share a port', () => {
  const ports: number[] = Object.values(SERVICE_PORTS);
  for (let index = 0; index < 50; index += 1) ports.push(...Object.values(pointPorts(index)), driverPort(index));
  assert.equal(new Set(ports).size, ports.length);
});

test('every default page is at a port that browsers open', () => {
  for (let index = 0; index < 50; index += 1) {
    assert.ok(isOpenedByBrowsers(pointPorts(index).page), `page ${index}`);
    assert.ok(isOpenedByBrowsers(driverPort(index)), `driver ${index}`);
  }
  assert.equal(isOpenedByBrowsers(5060), false);
});

test('each service port has its own variable', () => {
  const variables = Object.values(PORT_VARIABLES);
  assert.equal(new Set(variables).size, Object.keys(SERVICE_PORTS).length);
});

test('an index beyond the table is refused, not guessed', () => {
  for (const index of [-1, 50, 0.5, Number.NaN]) {
    assert.throws(() => pointPorts(index), RangeError);
    assert.throws(() => driverPort(index), RangeError);
  }
});

test('names count from one with three digits', () => {
  assert.equal(pointId(0), 'CP001');
  assert.equal(driverId(11), 'DRV012');
});
