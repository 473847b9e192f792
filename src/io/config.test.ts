import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  addresses,
  ConfigError,
  choice,
  flag,
  helpText,
  integer,
  port,
  readConfig,
  secret,
  text,
  url,
  urls,
} from './config.ts';

const schema = {
  port: port({ variable: 'A_PORT', default: '8020', sentence: 'Port.' }),
  brokers: addresses({ variable: 'A_BROKERS', sentence: 'Brokers.' }),
  wait: integer({ variable: 'A_WAIT_MS', default: '100', min: 10, max: 1_000, sentence: 'Milliseconds.' }),
  isPublic: flag({ variable: 'A_PUBLIC', default: 'true', sentence: 'Public?' }),
  mode: choice({ variable: 'A_MODE', default: 'continue', of: ['continue', 'stop'], sentence: 'Mode.' }),
  panels: urls({ variable: 'A_PANELS', default: 'https://127.0.0.1:2, https://[::1]:3/', sentence: 'Several.' }),
  api: url({ variable: 'A_URL', default: 'https://127.0.0.1:1/', protocols: ['https:'], sentence: 'API.' }),
  zone: text({ variable: 'A_ZONE', default: '', pattern: /^[A-Z]*$/, wanted: 'a zone', sentence: 'Zone.' }),
  key: secret({ variable: 'A_KEY', sentence: 'Key.' }),
};

test('defaults fill what is not given, and values come typed', () => {
  const config = readConfig(schema, { A_BROKERS: 'one:9092, 10.0.0.2:9093', A_KEY: 'k' });
  assert.deepEqual(config, {
    port: 8020,
    brokers: ['one:9092', '10.0.0.2:9093'],
    wait: 100,
    isPublic: true,
    mode: 'continue',
    panels: ['https://127.0.0.1:2', 'https://[::1]:3'],
    api: 'https://127.0.0.1:1',
    zone: '',
    key: 'k',
  });
});

test('F-06: every bad value is refused at once, each by the name of its variable, quoted values too', () => {
  const bad = {
    A_PORT: '80x',
    A_BROKERS: '"one:9092"',
    A_WAIT_MS: '5',
    A_PUBLIC: 'yes',
    A_MODE: 'halt',
    A_URL: 'http://plain',
    A_ZONE: 'alc',
  };
  assert.throws(
    () => readConfig(schema, bad),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(error.problems, [
        'A_PORT must be a whole number from 0 to 65535',
        'A_BROKERS is wrapped in quotation marks; write the bare value',
        'A_WAIT_MS must be a whole number from 10 to 1000',
        'A_PUBLIC must be true or false',
        'A_MODE must be one of continue, stop',
        'A_URL must be a URL that starts with https://',
        'A_ZONE must be a zone',
        'A_KEY is missing: Key.',
      ]);
      return true;
    },
  );
});

test('an address without a port, or with an impossible one, is refused', () => {
  for (const value of ['host', 'host:', ':9092', 'host:0', 'host:70000', 'a b:1', 'one:9092,,two:9092'])
    assert.throws(() => readConfig({ brokers: schema.brokers }, { A_BROKERS: value }), ConfigError, value);
});

test('a secret may come from a file, and an unreadable file is named without its content', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ev-config-'));
  try {
    writeFileSync(join(folder, 'key'), 'from-file\n', { mode: 0o600 });
    assert.equal(readConfig({ key: schema.key }, { A_KEY_FILE: join(folder, 'key') }).key, 'from-file');
    assert.throws(
      () => readConfig({ key: schema.key }, { A_KEY_FILE: join(folder, 'none') }),
      /A_KEY_FILE names .*none, which cannot be read \(ENOENT\)/,
    );
    const withDefault = { key: secret({ variable: 'A_KEY', sentence: 'Key.', defaultFile: join(folder, 'key') }) };
    assert.equal(readConfig(withDefault, {}).key, 'from-file');
    const without = { key: secret({ variable: 'A_KEY', sentence: 'Key.', defaultFile: join(folder, 'none') }) };
    assert.throws(() => readConfig(without, {}), /A_KEY is missing/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--help names every variable with its default', () => {
  const help = helpText('Usage: ev thing', schema);
  for (const setting of Object.values(schema))
    assert.ok(help.includes(setting.variable) && help.includes(setting.sentence));
  assert.match(help, /A_PORT \(default 8020\)/);
  assert.match(help, /A_KEY or A_KEY_FILE \(required\)/);
});
