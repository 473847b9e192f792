import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAuthorityMaterial } from '../../src/io/crypto/certificate-authority.ts';
import { fingerprintOf } from '../../src/io/crypto/certificate-check.ts';
import { joinCodeText } from '../../src/io/crypto/join-code.ts';
import { newToken } from '../../src/io/crypto/tokens.ts';
import { type Computer, type Computers, makeComputers } from '../../src/testing/computers.ts';

let computers: Computers<'central' | 'points'>;
let central: Computer;
let points: Computer;
let EV_JOIN: string;

before(async () => {
  computers = await makeComputers({ central: 10, points: 11 });
  ({ central, points } = computers.named);
  const { certificatePem } = await createAuthorityMaterial('another network', Date.now());
  EV_JOIN = joinCodeText({ fingerprint: fingerprintOf(certificatePem), token: newToken() });
});
after(() => computers?.close());

/** What the script says until it waits for somebody; it would try on for longer. */
const firstWords = (line: string, env: NodeJS.ProcessEnv = {}) =>
  points.type(`sed -u '/^Not reached yet/q' < <(exec timeout 300 ${line} 2>&1)`, env);

test('F-04: a name of Central that does not resolve is one sentence, at once', async () => {
  const { printed, exitCode } = await points.type('./EV_CP/start.sh no-such-central.invalid CP001', { EV_JOIN });
  assert.equal(exitCode, 2, printed);
  assert.match(
    printed,
    /\(CENTRAL_HOST, CENTRAL_API_PORT\): the name 'no-such-central\.invalid' does not resolve on this computer$/m,
  );
});

test('F-06: a broker in quotation marks is refused by the name of its variable', async () => {
  const { printed, exitCode } = await points.type(`./EV_CP/start.sh ${central.address}`, {
    ...{ EV_JOIN, KAFKA_BROKERS: `"${central.address}:9092"` },
  });
  assert.equal(exitCode, 2, printed);
  assert.match(printed, /^KAFKA_BROKERS: the value is wrapped in quotation marks; write it bare$/m);
});

test('F-06: nothing that listens is told apart from a firewall that drops, each with address and variable', async () => {
  const line = `./EV_CP/start.sh ${central.address}`;
  const closed = await firstWords(line, { EV_JOIN });
  assert.match(
    closed.printed,
    new RegExp(
      `Central's API at ${central.address}:8021 \\(CENTRAL_HOST, CENTRAL_API_PORT\\): nothing listens there yet`,
    ),
  );
  await central.wall();
  const dropped = await firstWords(line, { EV_JOIN });
  await central.unwall();
  assert.match(
    dropped.printed,
    new RegExp(
      `${central.address}:8021 \\(CENTRAL_HOST, CENTRAL_API_PORT\\): nothing came back within 5 s: a firewall drops it`,
    ),
  );
});

test('a computer that has not joined is told what it lacks', async () => {
  const { printed, exitCode } = await points.type(`./EV_CP/start.sh ${central.address}`);
  assert.equal(exitCode, 2, printed);
  assert.match(printed, /^EV_JOIN is missing: .* EV_Central\/start\.sh prints the code for points$/m);
});

test('F-07 S-OPS-15: with a VPN and a bridge beside it the interface of the default route is taken and printed, and nothing is asked', async () => {
  await points.inNetwork('ip', 'link', 'add', 'docker0', 'type', 'bridge');
  await points.inNetwork('ip', 'address', 'add', '172.17.0.1/16', 'dev', 'docker0');
  await points.inNetwork('ip', 'link', 'set', 'docker0', 'up');
  const { printed } = await points.type('./EV_CP/start.sh', {});
  assert.match(
    printed,
    new RegExp(
      `^This computer is ${points.address} \\(interface eth0, by the default route; EV_HOST says another\\)$`,
      'm',
    ),
  );
  await points.inNetwork('ip', 'route', 'delete', 'default');
  const alone = await points.type('./EV_CP/start.sh', {});
  assert.equal(alone.exitCode, 2, alone.printed);
  assert.match(alone.printed, /^EV_HOST is not set and this computer has no default route .*: set EV_HOST/m);
});

test('F-04: a broker that advertises an address which leads nowhere is told by the launcher, which goes on', async () => {
  const nowhere = `${computers.prefix}.99`;
  const started = await central.type(`./EV_Central/start.sh ${nowhere}`);
  assert.equal(started.exitCode, 0, started.printed);
  const code = /EV_JOIN=(\S+) \.\/EV_CP/.exec(started.printed)?.[1];
  const line = `./EV_CP/start.sh ${central.address} CP001`;
  const { printed } = await points.type(`sed -u '/Starting all processes/q' < <(exec timeout 300 ${line} 2>&1)`, {
    EV_JOIN: code,
  });
  assert.match(
    printed,
    new RegExp(
      `^Not reached yet, tried on: the broker, which advertises itself at ${nowhere}:9092 \\(EV_Central/start\\.sh ADDRESS there, or EV_PUBLIC_HOST\\): no computer`,
      'm',
    ),
  );
  // Central tells its own API and sockets at that address too; everything else is reached.
  const ports = printed.match(/^Not reached yet.*$/gm)?.map((line) => line.split(`${nowhere}:`)[1]?.slice(0, 4));
  assert.deepEqual(ports, ['8021', '8020', '9092'], printed);
  assert.match(printed, /Starting all processes/);
});
