import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { databaseUrlOf } from '../src/processes/central/config.ts';

const programs = resolve(import.meta.dirname, '..', 'bin');

/** What the program complains about when each of its arguments is nonsense: the variables, in the order of the arguments. */
function refusedVariables(program: string, ...args: string[]): Promise<string[]> {
  return new Promise((done) => {
    execFile(join(programs, program), args, (error, _stdout, stderr) => {
      assert.equal(error?.code, 2, stderr);
      done([...stderr.matchAll(/^ {2}([A-Z_]+) must/gm)].map(([, variable = '']) => variable));
    });
  });
}

test('R1-18: EV_Central <port> <broker ip:port> <database ip:port>', async () => {
  assert.deepEqual(await refusedVariables('EV_Central', 'x', 'x'), ['CENTRAL_SOCKET_PORT', 'KAFKA_BROKERS']);
  const databaseUrl = 'postgresql://ev_central:secret@127.0.0.1:5432/ev_charging';
  assert.equal(
    databaseUrlOf({ databaseUrl, databaseAddress: '192.168.1.100:5433' }),
    'postgresql://ev_central:secret@192.168.1.100:5433/ev_charging',
  );
  assert.equal(databaseUrlOf({ databaseUrl, databaseAddress: '' }), databaseUrl);
});

test('R1-19: EV_CP_E <broker ip:port> <Monitor ip:port>', async () => {
  assert.deepEqual(await refusedVariables('EV_CP_E', 'x', 'y'), ['KAFKA_BROKERS', 'MONITOR_ADDRESS']);
});

test('R1-20: EV_Driver <broker ip:port> <client id>', async () => {
  assert.deepEqual(await refusedVariables('EV_Driver', 'x', 'y'), ['KAFKA_BROKERS', 'DRIVER_CLIENT_ID']);
});

test('R1-21: EV_CP_M <engine ip:port> <Central ip:port> <CP id>', async () => {
  assert.deepEqual((await refusedVariables('EV_CP_M', '127.0.0.1:x', 'y', 'cp 1')).sort(), [
    'CENTRAL_SOCKETS',
    'CP_ID',
    'MONITOR_PORT',
  ]);
});

test('R1-22: the programs have the names of the assignment, EV_Registry too', async () => {
  assert.deepEqual(await refusedVariables('EV_Registry', 'x'), ['REGISTRY_PORT']);
  assert.deepEqual(await refusedVariables('EV_W', 'x'), ['CENTRAL_API_URL']);
});
