import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadSetting } from '../network-plan.ts';
import { type HOST_USAGE, hostArguments } from './host-arguments.ts';

const read = (role: keyof typeof HOST_USAGE, line: string) => {
  const { centralHost, publicHost, port, ids } = hostArguments(role, line.split(' ').filter(Boolean));
  return { centralHost, publicHost, port, ids };
};

test('S-OPS-03: EV_Central takes its public address and the port of its sockets', () => {
  const none = { centralHost: undefined, ids: [] };
  assert.deepEqual(read('CENTRAL', '192.168.1.10 8020'), { ...none, publicHost: '192.168.1.10', port: 8_020 });
  assert.deepEqual(read('CENTRAL', ''), { ...none, publicHost: undefined, port: undefined });
});

test("S-OPS-04: EV_CP takes Central's host and port, ids and its own address, in the description's order", () => {
  assert.deepEqual(read('POINTS', '192.168.1.10 8020 CP001 CP002 192.168.1.11 --no-cache'), {
    ...{ centralHost: '192.168.1.10', port: 8_020, ids: ['CP001', 'CP002'], publicHost: '192.168.1.11' },
  });
  assert.deepEqual(read('POINTS', 'central.lan CP007'), {
    ...{ centralHost: 'central.lan', port: undefined, ids: ['CP007'], publicHost: undefined },
  });
  assert.ok(hostArguments('POINTS', ['a', '--no-cache']).isBuiltAnew);
});

test('S-OPS-05: EV_Driver takes broker, port, its own address and ids', () => {
  assert.deepEqual(read('DRIVERS', '192.168.1.10 9092 192.168.1.12 DRV001 DRV002'), {
    ...{ centralHost: '192.168.1.10', port: 9_092, publicHost: '192.168.1.12', ids: ['DRV001', 'DRV002'] },
  });
});

test("R2-70: Registry and further Centrals on computers of their own are Central's to name", () => {
  const first = hostArguments('CENTRAL', [
    '10.0.0.1',
    '--registry',
    '10.0.0.3',
    '--second',
    '10.0.0.4',
    '--second=pc5',
  ]);
  assert.deepEqual([first.registryHost, first.furtherHosts], ['10.0.0.3', ['10.0.0.4', 'pc5']]);
  assert.equal(hostArguments('CENTRAL', ['--beside', '10.0.0.1']).centralHost, '10.0.0.1');
  assert.deepEqual(read('REGISTRY', '10.0.0.1 pc3.lan'), {
    ...{ centralHost: '10.0.0.1', publicHost: 'pc3.lan', port: undefined, ids: [] },
  });
  assert.throws(() => read('REGISTRY', '10.0.0.1 CP001'), /one argument too many/);
  assert.throws(() => hostArguments('POINTS', ['--second', '10.0.0.4']), /are Central's/);
  assert.throws(() => hostArguments('CENTRAL', ['--beside', 'a', '--registry', 'b']), /holds the database/);
  assert.throws(() => hostArguments('CENTRAL', ['--alone', '--second', 'b']), /--alone ends both/);
  assert.ok(hostArguments('CENTRAL', ['--alone']).isAlone);
  assert.throws(() => hostArguments('CENTRAL', ['--second', '10.0.0.300']), /'10\.0\.0\.300' is neither an address/);
  assert.throws(() => hostArguments('CENTRAL', ['--second', '']), /neither an address nor a name/);
  assert.equal(hostArguments('CENTRAL', ['--second', 'fd00::4']).furtherHosts[0], 'fd00::4');
  assert.throws(() => hostArguments('CENTRAL', ['--registry', 'http://b']), /neither an address nor a name/);
});

test('what makes no sense is refused with the usage', () => {
  assert.throws(() => read('CENTRAL', '10.0.0.1 8020 CP001'), BadSetting);
  assert.throws(() => read('POINTS', '10.0.0.1 8020 CP001 10.0.0.2 10.0.0.3'), /one argument too many/);
  assert.throws(() => read('POINTS', '10.0.0.1 99999'), /is not a port/);
  assert.throws(() => read('DRIVERS', 'http://10.0.0.1'), /neither an address nor a name/);
  assert.throws(() => read('DRIVERS', '--nonsense'), BadSetting);
});
