import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BROKER_ADMIN_SUBJECT, setBrokerUsers } from '../../io/channels/kafka-users.ts';
import {
  type CertificateAuthority,
  createAuthorityMaterial,
  openAuthority,
} from '../../io/crypto/certificate-authority.ts';
import { OwnBroker } from '../../testing/own-broker.ts';
import { type NetworkPlan, networkFiles, planNetwork } from '../network-plan.ts';
import { advertisedUnreachable } from './advertised.ts';

const PASSWORD = 'password of point';
const WITHIN_MS = 1_000;
/** For brokers that answer, however busy they are. */
const PATIENT_MS = 60_000;
/** As it promises. */
const AT_MOST_MS = 10_000;
let folder: string;
let broker: OwnBroker;
let silent: Server;

/** A computer of points that has joined, and was told of this broker. */
function planOf(brokers: string): NetworkPlan {
  const place = {
    ...({ role: 'POINTS', varFolder: folder, host: '192.0.2.11', publicHost: '192.0.2.11' } as const),
    ...{ centralHost: '192.0.2.10', brokers, ports: {}, pointIds: ['CP001'], driverIds: [] },
  };
  return planNetwork({ projectFolder: folder, points: 0, drivers: 0, place, env: {} });
}

async function joinedWith(password: string, ca: CertificateAuthority): Promise<void> {
  const files = networkFiles(planOf(''));
  await mkdir(files.secrets, { recursive: true });
  await writeFile(files.kafkaPassword('point'), `${password}\n`);
  await writeFile(files.ca, ca.certificatePem);
}

const newAuthority = async () => openAuthority(await createAuthorityMaterial('test', Date.now()));
let ca: CertificateAuthority;

before(async () => {
  ca = await newAuthority();
  folder = await mkdtemp(join(tmpdir(), 'ev-advertised-'));
  await joinedWith(PASSWORD, ca);
  silent = createServer().listen(0, '127.0.0.1');
  broker = await OwnBroker.prepareSecured(ca, 'kafka.invalid');
  await broker.start();
  await setBrokerUsers({
    ...{ controller: broker.controller, caPem: ca.certificatePem, groupId: 'test' },
    certificate: () => ca.issueLeaf({ subject: BROKER_ADMIN_SUBJECT }, Date.now()),
    users: [{ username: 'point', password: PASSWORD }],
  });
});

after(async () => {
  silent.close();
  await broker.remove();
  await rm(folder, { recursive: true, force: true });
});

test('F-04: a broker that calls itself by a name which this computer does not know is told before anything starts', async () => {
  const [sentence, ...others] = await advertisedUnreachable(planOf(broker.outerAddress), PATIENT_MS);
  assert.deepEqual(others, []);
  assert.match(
    sentence ?? '',
    /^the broker, which advertises itself at kafka\.invalid:\d+ \(EV_Central\/start\.sh ADDRESS/,
  );
  assert.match(sentence ?? '', /the name 'kafka\.invalid' does not resolve on this computer$/);
});

test('F-04: of a broker whose advertised address answers nothing is said', async () => {
  assert.deepEqual(await advertisedUnreachable(planOf(broker.address), PATIENT_MS), []);
});

test('F-06: a broker that does not take the login, or is of another network, is one sentence with its variable', async () => {
  await joinedWith('wrong', ca);
  assert.match(
    (await advertisedUnreachable(planOf(broker.address), PATIENT_MS))[0] ?? '',
    /user 'point': KAFKA_USERNAME or/,
  );
  await joinedWith(PASSWORD, await newAuthority());
  assert.match(
    (await advertisedUnreachable(planOf(broker.address), PATIENT_MS))[0] ?? '',
    /not of our authority: EV_CA_FILE/,
  );
  await joinedWith(PASSWORD, ca);
});

test('F-04: a broker that is away, or never answers, keeps no start waiting', async () => {
  const { port } = silent.address() as { port: number };
  for (const brokers of ['127.0.0.1:1', `127.0.0.1:${port}`, 'nowhere.invalid:9092', 'no port']) {
    const beganMs = performance.now();
    assert.deepEqual(await advertisedUnreachable(planOf(brokers), WITHIN_MS), [], brokers);
    assert.ok(performance.now() - beganMs < AT_MOST_MS, brokers);
  }
});
