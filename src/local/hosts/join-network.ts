import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { covers, isDueForRenewal } from '../../io/crypto/certificate-check.ts';
import { createCertificateRequest } from '../../io/crypto/csr.ts';
import { type JoinCode, parseJoinCode } from '../../io/crypto/join-code.ts';
import { sha256 } from '../../io/crypto/tokens.ts';
import { createHttpClient, type HttpAnswer, HttpUnreachable } from '../../io/http/client.ts';
import { AuthorityMismatch, fetchAuthority } from '../../io/http/fetch-authority.ts';
import { readIfThere, writeWhole } from '../../io/private-files.ts';
import { inUrl, isIpAddress } from '../../io/sockets/ip-address.ts';
import {
  AUTHORITY_PATH,
  HostCertificateSchema,
  isTrustedKind,
  type Joined,
  JoinedSchema,
  type JoinKind,
  NETWORK_PATH,
  type NetworkAddresses,
  NetworkAddressesSchema,
} from '../../messages/join-api.ts';
import { parser } from '../../messages/validators.ts';
import { BadSetting, type NetworkFiles } from '../network-plan.ts';
import type { Say } from '../step.ts';

const TIMEOUT_MS = 10_000;
const TRY_FOR_MS = 90_000;
const TRY_AGAIN_MS = 1_000;
const UNAVAILABLE = 503;

/** Where and as what this computer joins. */
export type Joining = {
  kind: Joined['kind'];
  /** Central's API, the door. */
  apiUrl: string;
  files: NetworkFiles;
  /** Names or an address of this computer that its pages are to have. */
  wantedHost: string | undefined;
  say: Say;
};

const parseJoined = parser(JoinedSchema);
const parseCertificate = parser(HostCertificateSchema);
const parseAddresses = parser(NetworkAddressesSchema);

/** True if this computer holds what a join gave it, and this code has given it (or no code is at hand). */
export function hasJoined(files: NetworkFiles, code: string | undefined): boolean {
  const isComplete = [files.hostToken, files.pageLeaf, files.ca].every((file) => readIfThere(file) !== undefined);
  return isComplete && (code === undefined || readIfThere(files.usedJoinCode) === sha256(code).toString('hex'));
}

/**
 * Joins the network (protocol 1): the authority is taken by the code's fingerprint, then a certificate by CSR and the
 * tokens of this computer are asked for over verified HTTPS, and kept 0600. Resolves with the address that Central sees.
 * Waits a while for a Central that starts later; throws BadSetting with one sentence for whatever a person must mend.
 */
export async function joinNetwork(joining: Joining, codeText: string): Promise<string> {
  const code = parseJoinCode(codeText);
  if (code === undefined)
    throw new BadSetting('EV_JOIN is no join code (ev1.<fingerprint>.<token>): was it cut when it was copied?');
  const caPem = await patiently(joining, () => authorityOf(joining, code));
  const request = await createCertificateRequest(`host:${joining.kind}`);
  const client = createHttpClient({ baseUrl: joining.apiUrl, caPem, token: code.token, timeoutMs: TIMEOUT_MS });
  const { kind } = joining;
  const body = { kind, csr: request.csrPem, names: namesOf(joining.wantedHost) };
  const answer = await patiently(joining, () => client.send('POST', '/api/join', { body }));
  const joined = answer.status === 201 ? parseJoined(answer.body) : undefined;
  if (joined === undefined) throw new BadSetting(refusal(answer, joining));
  requireCovered(joining.wantedHost, joined);
  await keep(joining.files, { joined, caPem, privateKeyPem: request.privateKeyPem, codeText });
  joining.say(`joined the network at ${joining.apiUrl}: Central sees this computer as ${joined.address}`);
  return joined.address;
}

/** Asks for a new certificate at two thirds of the life of the present one, or at a new address; the pages take it without a restart. */
export async function renewHostLeaf(joining: Joining, nowMs: number): Promise<void> {
  const { files, apiUrl } = joining;
  const present = readIfThere(files.pageLeaf);
  const isOurs = (leaf: string) => joining.wantedHost === undefined || covers(leaf, [joining.wantedHost]);
  if (present !== undefined && isOurs(present) && !isDueForRenewal(present, nowMs)) return;
  const request = await createCertificateRequest(`host:${joining.kind}`);
  const client = createHttpClient({ baseUrl: apiUrl, caFile: files.ca, token: readIfThere(files.hostToken) });
  const body = { csr: request.csrPem, names: namesOf(joining.wantedHost) };
  const answer = await client.send('POST', '/api/join/certificate', { body });
  const renewed = answer.status === 200 ? parseCertificate(answer.body) : undefined;
  if (renewed === undefined) throw new Error(`Central at ${apiUrl} answers ${answer.status}`);
  writeWhole(files.pageLeaf, `${renewed.certificatePem}${request.privateKeyPem}`);
  joining.say('the certificate of the pages of this computer is renewed');
}

/** Where Registry and all Centrals are now; undefined while no Central answers. */
export async function networkAddresses({ apiUrl, files }: Joining): Promise<NetworkAddresses | undefined> {
  const client = createHttpClient({ baseUrl: apiUrl, caFile: files.ca, token: readIfThere(files.hostToken) });
  const answer = await client.send('GET', NETWORK_PATH).catch((error: unknown) => {
    if (error instanceof HttpUnreachable) return undefined;
    throw error;
  });
  return answer?.status === 200 ? parseAddresses(answer.body) : undefined;
}

/** The first computer has another address than when this one joined: so has its database, whose login stays. */
export function followDatabase(files: NetworkFiles, moved: { from: string | undefined; to: string | undefined }): void {
  if (moved.from === undefined || moved.to === undefined || moved.from === moved.to) return;
  for (const file of [files.registryDatabaseUrl, files.centralDatabaseUrl]) {
    const text = readIfThere(file);
    if (text === undefined) continue;
    const url = new URL(text);
    if (url.hostname !== inUrl(moved.from)) continue;
    url.hostname = inUrl(moved.to);
    writeWhole(file, `${url.href}\n`);
  }
}

async function authorityOf({ apiUrl }: Joining, { fingerprint }: JoinCode): Promise<string> {
  try {
    return await fetchAuthority({ url: `${apiUrl}${AUTHORITY_PATH}`, fingerprint, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof AuthorityMismatch)) throw new HttpUnreachable((error as Error).message, { cause: error });
    throw new BadSetting(`EV_JOIN: ${error.message}; nothing was sent to it`);
  }
}

async function patiently<Answer>({ apiUrl, say }: Joining, ask: () => Promise<Answer>): Promise<Answer> {
  const endMs = performance.now() + TRY_FOR_MS;
  for (let hasSpoken = false; ; hasSpoken = true) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof HttpUnreachable) return error;
      throw error;
    });
    const isAway =
      answer instanceof HttpUnreachable || (answer as Partial<HttpAnswer> | undefined)?.status === UNAVAILABLE;
    if (!isAway) return answer as Answer;
    const why = answer instanceof HttpUnreachable ? answer.message : 'it answers 503, not ready';
    if (performance.now() > endMs)
      throw new BadSetting(`Central's API at ${apiUrl} (CENTRAL_HOST, the first argument) cannot be asked: ${why}`);
    if (!hasSpoken) say(`waiting for Central's API at ${apiUrl}: ${why}`);
    await sleep(TRY_AGAIN_MS);
  }
}

function refusal({ status, body }: HttpAnswer, { kind, apiUrl }: Joining): string {
  const code = String((body as { code?: unknown } | undefined)?.code ?? '');
  const where = `EV_JOIN: Central at ${apiUrl} answers ${status} ${code}`;
  const option = kind === 'registry' ? '--registry' : '--second';
  const inContainers =
    kind === 'registry' ? 'EV_REGISTRY_HOST, registry-elsewhere.yaml' : 'EV_SECOND_HOST, second-central.yaml';
  const start = `EV_Central/start.sh ${option} ADDRESS (in containers: ${inContainers})`;
  if (code === 'DATABASE_NOT_SHARED')
    return `${where}: its database is for that computer alone; start it with ${start}`;
  if (code === 'COMPUTER_NOT_NAMED') {
    const { detail = '' } = body as { detail?: string };
    return `${where}: ${detail}, which ${option} did not name; start the first computer with ${start}; the code is still good`;
  }
  const again = isTrustedKind(kind)
    ? `EV_Central/start.sh ${option} ADDRESS prints a new one`
    : 'EV_Central/start.sh prints new ones';
  const used = isTrustedKind(kind) ? 'was used' : 'was replaced';
  return `${where}: the code has expired, ${used} or is of another kind; ${again}, or ./ev admin join-code NAME --for ${kind}`;
}

function namesOf(host: string | undefined): string[] {
  return host === undefined || isIpAddress(host) ? [] : [host];
}

function requireCovered(host: string | undefined, joined: Joined): void {
  if (host === undefined || covers(joined.certificatePem, [host])) return;
  throw new BadSetting(
    `IP_HOST ${host} (EV_HOST): Central sees this computer as ${joined.address} and gives certificates for that address and its names only`,
  );
}

async function keep(
  files: NetworkFiles,
  got: { joined: Joined; caPem: string; privateKeyPem: string; codeText: string },
): Promise<void> {
  const { joined, caPem, privateKeyPem, codeText } = got;
  await mkdir(files.secrets, { recursive: true, mode: 0o700 });
  writeWhole(files.ca, caPem, 0o644);
  writeWhole(files.pageLeaf, `${joined.certificatePem}${privateKeyPem}`);
  if (joined.kafka !== undefined) writeWhole(files.kafkaPassword(joined.kafka.username), `${joined.kafka.password}\n`);
  if (joined.heart !== undefined) keepHeart(files, joined.kind, joined.heart);
  if (joined.weatherToken !== undefined) writeWhole(files.weatherToken, `${joined.weatherToken}\n`);
  if (joined.kind === 'points') writeWhole(files.pointsEnrolToken, `${joined.hostToken}\n`);
  writeWhole(files.hostToken, `${joined.hostToken}\n`);
  writeWhole(files.usedJoinCode, `${sha256(codeText).toString('hex')}\n`);
}

function keepHeart(files: NetworkFiles, kind: JoinKind, heart: NonNullable<Joined['heart']>): void {
  const url = new URL(heart.databaseUrl);
  url.searchParams.set('sslrootcert', files.ca);
  writeWhole(kind === 'registry' ? files.registryDatabaseUrl : files.centralDatabaseUrl, `${url.href}\n`);
  writeWhole(files.masterKey, `${heart.masterKey}\n`);
  if (heart.panelToken !== undefined) writeWhole(files.centralApiToken, `${heart.panelToken}\n`);
}
