import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

type Import = { file: string; line: number; target: string; isPackage: boolean };

const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const isTest = (file: string) =>
  /\.test\.tsx?$/.test(file) || file.startsWith('src/testing/') || file.includes('/testing/');

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  for (const [index, text] of lines.entries()) {
    const specifier = /^(?:import|export)\b.*?from '([^']+)'|^} from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/
      .exec(text)
      ?.slice(1)
      .find(Boolean);
    if (specifier === undefined) continue;
    const isPackage = !specifier.startsWith('.');
    const target = isPackage ? specifier : relative(root, resolve(root, dirname(file), specifier));
    found.push({ file, line: index + 1, target, isPackage });
  }
  return found;
}

/** A file's code without its comments. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const allImports = sources.flatMap(importsOf);
const productImports = allImports.filter(({ file }) => !isTest(file));

/** Fails with the rule and every line that breaks it. */
function forbid(rule: string, imports: readonly Import[], isBroken: (one: Import) => boolean): void {
  const broken = imports.filter(isBroken).map(({ file, line, target }) => `${file}:${line} imports ${target}`);
  assert.deepEqual(broken, [], rule);
}

const inFolder = (path: string, folder: string) => path.startsWith(`src/${folder}/`);
const processOf = (path: string) => /^src\/processes\/([^/]+)\//.exec(path)?.[1];

test('there are sources to check', () => {
  assert.ok(sources.length > 100 && allImports.length > 300, `${sources.length} files, ${allImports.length} imports`);
});

test('domain is pure: it imports domain only', () => {
  forbid(
    'domain may import domain only',
    productImports,
    ({ file, target, isPackage }) => inFolder(file, 'domain') && (isPackage || !inFolder(target, 'domain')),
  );
});

test('domain uses no clock, randomness, process or waiting', () => {
  const broken = sources
    .filter((file) => inFolder(file, 'domain') && !isTest(file))
    .filter((file) =>
      /\b(Date\.|new Date|Math\.random|setTimeout|setInterval|process\.|console\.|async |await )/.test(codeOf(file)),
    );
  assert.deepEqual(broken, []);
});

test('messages import domain and the schema library only', () => {
  forbid(
    'messages may import messages, domain, typebox',
    productImports,
    ({ file, target, isPackage }) =>
      inFolder(file, 'messages') &&
      (isPackage ? !/^typebox(\/|$)/.test(target) : !inFolder(target, 'messages') && !inFolder(target, 'domain')),
  );
});

test('io imports neither processes, pages, local nor testing', () => {
  forbid(
    'io may import io, messages, domain',
    productImports,
    ({ file, target, isPackage }) =>
      inFolder(file, 'io') && !isPackage && !['io', 'messages', 'domain'].some((folder) => inFolder(target, folder)),
  );
});

test('a process imports no other process, no pages, no local', () => {
  forbid('processes/X may import processes/X, io, messages, domain', productImports, ({ file, target, isPackage }) => {
    const own = processOf(file);
    if (!own || isPackage) return false;
    const other = processOf(target);
    // The fleet runs many Monitors and engines in one process: it is made of them.
    if (own === 'fleet' && (other === 'monitor' || other === 'engine')) return false;
    return other === undefined
      ? !['io', 'messages', 'domain'].some((folder) => inFolder(target, folder))
      : other !== own;
  });
});

const OWNERS: readonly [pattern: RegExp, owners: readonly string[]][] = [
  [/^@platformatic\/kafka$/, ['src/io/channels/']],
  [/^(pg|node-pg-migrate)$/, ['src/io/postgres/']],
  [/^node:(net|tls)$/, ['src/io/', 'src/local/']],
  [/^node:crypto$/, ['src/io/', 'src/local/', 'src/pages/']],
  [/^ws$/, ['src/io/live/']],
  [/^fastify$/, ['src/io/http/', 'src/processes/']],
  [/^@peculiar\/x509$/, ['src/io/crypto/']],
  [/^pino$/, ['src/io/']],
];

test('each outside thing has one owner', () => {
  for (const [pattern, owners] of OWNERS)
    forbid(
      `${pattern} belongs to ${owners.join(', ')}`,
      productImports,
      ({ file, target, isPackage }) =>
        isPackage && pattern.test(target) && !owners.some((owner) => file.startsWith(owner)),
    );
});

test('web processes load neither the Kafka client nor pg', () => {
  for (const web of ['central-web', 'engine-web']) {
    const reached = new Set<string>();
    const queue = sources.filter((file) => file.startsWith(`src/processes/${web}/`) && !isTest(file));
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      for (const { target, isPackage } of productImports.filter((one) => one.file === file)) {
        assert.ok(
          !isPackage || !/^(@platformatic\/kafka|pg)$/.test(target),
          `${web} reaches ${target} through ${file}`,
        );
        if (!isPackage) queue.push(target);
      }
    }
  }
});

test('nothing but tests and testing imports testing', () => {
  forbid('testing is for tests', productImports, ({ target, isPackage }) => !isPackage && inFolder(target, 'testing'));
});

test('topic names are spelled in messages/topics.ts only', () => {
  const broken = sources
    .filter((file) => !isTest(file) && file !== 'src/messages/topics.ts')
    .filter((file) => /['"`](TopicSel|TopicSelResp|Status)_/.test(codeOf(file)));
  assert.deepEqual(broken, []);
});

test('there is no circle of imports', () => {
  const edges = new Map<string, string[]>();
  for (const { file, target, isPackage } of productImports)
    if (!isPackage) edges.set(file, [...(edges.get(file) ?? []), target]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (done.has(file)) return;
    assert.ok(!path.includes(file), `circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    for (const target of edges.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
});

test('files stay under 400 lines, and no barrels', () => {
  const large = sources.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400);
  assert.deepEqual(large, []);
  assert.deepEqual(
    sources.filter((file) => /\/index\.ts$/.test(file)),
    [],
  );
});
