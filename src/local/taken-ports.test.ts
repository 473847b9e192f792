import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { type HostPlace, planNetwork, wantedPorts } from './network-plan.ts';
import { choosePostgresPort, listenAddress, PortsTaken, portsToTry } from './taken-ports.ts';

test('S-OPS-02: a port is looked for where its process will listen, so that a taken one is found on loopback too', () => {
  const plan = planNetwork({ projectFolder: '/p', points: 1, drivers: 1, env: { EV_HOST: '10.0.0.1' } });
  const outside = wantedPorts(plan).filter((one) => listenAddress(plan, one) === '10.0.0.1');
  assert.deepEqual(outside.map((one) => one.variable).sort(), [
    ...['CENTRAL_API_PORT', 'CENTRAL_SOCKET_PORT', 'CP001_PAGE_PORT', 'DRV001_PORT'],
    ...['KAFKA_PORT', 'PANEL_PORT', 'REGISTRY_PORT'],
  ]);
});

test('D-16: the database keeps the port that its guests have written down, and looks at the address that they use too', async (t) => {
  const varFolder = mkdtempSync(join(tmpdir(), 'ev-ports-'));
  t.after(() => rmSync(varFolder, { recursive: true, force: true }));
  const [usual = 0] = await freePorts('127.0.0.2', 1);
  const place = {
    ...{ role: 'CENTRAL', varFolder, host: '127.0.0.2', publicHost: '127.0.0.2', centralHost: undefined },
    ...{ brokers: undefined, ports: { postgres: usual }, pointIds: [], driverIds: [] },
  } as HostPlace;
  const chosen = (further: Partial<HostPlace>) => {
    const plan = planNetwork({ projectFolder: '/p', points: 0, drivers: 0, place: { ...place, ...further }, env: {} });
    return choosePostgresPort(plan, {}, () => {});
  };
  const other = createServer();
  await new Promise<void>((resolve) => other.listen({ host: '127.0.0.2', port: usual }, resolve));
  t.after(() => other.close());
  const guests = { registryHost: '10.0.0.3' };
  assert.equal(await chosen({}), usual, 'on loopback alone it is free');
  assert.notEqual(await chosen(guests), usual);
  const everywhere = await chosen({ ...guests, host: '0.0.0.0', ports: { postgres: usual + 1 } });
  assert.ok(everywhere > usual);
  mkdirSync(join(varFolder, 'postgres'));
  const written = `/bin/postgres "-D" "/d" "-c" "port=${usual}" "-c" "ssl=on"\n`;
  writeFileSync(join(varFolder, 'postgres', 'postmaster.opts'), written);
  await assert.rejects(
    chosen(guests),
    (error: Error) => error instanceof PortsTaken && /POSTGRES_PORT/.test(error.message),
  );
  assert.deepEqual(portsToTry(5_432, 5_434).slice(0, 3), [5_434, 5_432, 5_433]);
  assert.equal(portsToTry(5_432, 6_432)[0], 5_432, 'EV_PORT_OFFSET has moved it');
});
