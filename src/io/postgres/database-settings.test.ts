import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfigError, readConfig } from '../config.ts';
import { databaseSettings } from './database-settings.ts';

const urlOf = (environment: NodeJS.ProcessEnv) => readConfig(databaseSettings('ev_central'), environment).databaseUrl;

test('S-CFG-05: DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD say where PostgreSQL is', () => {
  const parts = { DB_HOST: '192.168.1.100', DB_PORT: '5433', DB_NAME: 'charging', DB_USER: 'me', DB_PASSWORD: 'a/b@c' };
  assert.equal(urlOf(parts), 'postgresql://me:a%2Fb%40c@192.168.1.100:5433/charging');
  assert.equal(urlOf({ DB_PASSWORD: 'secret' }), 'postgresql://ev_central:secret@localhost:5432/ev_charging');
  assert.equal(urlOf({ DB_HOST: '::1', DB_PASSWORD: 'x' }), 'postgresql://ev_central:x@[::1]:5432/ev_charging');
});

test('S-CFG-04: DATABASE_URL wins over the parts', () => {
  assert.equal(urlOf({ DATABASE_URL: 'postgresql://u:p@h/d', DB_PASSWORD: 'x' }), 'postgresql://u:p@h/d');
});

test('neither URL nor password, and a part that is wrong, are refused by name; there is no default password', () => {
  const problems = (environment: NodeJS.ProcessEnv) => {
    try {
      return [urlOf(environment)];
    } catch (error) {
      return (error as ConfigError).problems.map((problem) => problem.split(' ')[0]);
    }
  };
  assert.deepEqual(problems({ DB_HOST: 'h' }), ['DATABASE_URL']);
  assert.deepEqual(problems({ DB_PORT: 'x', DB_PASSWORD: 'x' }), ['DB_PORT']);
});
