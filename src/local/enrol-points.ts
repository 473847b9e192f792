import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient, type HttpAnswer, HttpUnreachable } from '../io/http/client.ts';
import { type NetworkPlan, networkFiles, type PointPlan } from './network-plan.ts';
import { samplePoint } from './point-samples.ts';
import { readSecret } from './secrets.ts';
import type { Say } from './step.ts';
import { writeAtomically } from './write-atomically.ts';

const CREATED = 201;
const ALREADY_THERE = 409;
const UNAVAILABLE = 503;
const ASK_AGAIN_MS = 400;
const TOKEN_GOOD_FOR_MS = 20 * 3_600_000;

/**
 * Gets a point its enrolment token through Central's public API, as anybody would, and leaves it in a 0600 file for the
 * Monitor. Does nothing for a registered point or while a token is fresh. Waits for Central until the signal aborts, then throws.
 */
export async function ensureEnrolmentToken(of: {
  plan: NetworkPlan;
  point: PointPlan;
  apiUrl: string;
  say: Say;
  signal: AbortSignal;
}): Promise<void> {
  const files = networkFiles(of.plan);
  const { cpId } = of.point;
  const tokenFile = files.enrolmentToken(cpId);
  if (existsSync(join(files.pointData(cpId), 'credential.json')) || (await isFresh(tokenFile))) return;
  const token = await readSecret(files.pointsEnrolToken);
  if (token === undefined) throw new Error(`${files.pointsEnrolToken} is missing: ${cpId} cannot be enrolled`);
  const client = createHttpClient({ baseUrl: of.apiUrl, caFile: files.ca, token });
  const answer = await whenCentralAnswers(of.signal, () =>
    client.send('POST', '/api/charging_points', { body: samplePoint(of.point) }),
  );
  if (answer.status === ALREADY_THERE) {
    of.say(`${cpId} is registered already, but its credential is not here: enrol it anew from the panel`);
    return;
  }
  const enrolmentToken = (answer.body as { enrolmentToken?: unknown } | undefined)?.enrolmentToken;
  if (answer.status !== CREATED || typeof enrolmentToken !== 'string') {
    throw new Error(
      `Central answered ${answer.status} to the enrolment of ${cpId}: ${JSON.stringify(answer.body).slice(0, 300)}`,
    );
  }
  await writeAtomically(tokenFile, `${enrolmentToken}\n`, 0o600);
  of.say(`${cpId} is known to Central and has its enrolment token`);
}

// A token lives 24 h; one that a point did not use in 20 is replaced (a point that nobody registered may be created again).
async function isFresh(tokenFile: string): Promise<boolean> {
  const found = await stat(tokenFile).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < TOKEN_GOOD_FOR_MS;
}

async function whenCentralAnswers(signal: AbortSignal, ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof HttpUnreachable) return undefined;
      throw error;
    });
    if (answer !== undefined && answer.status !== UNAVAILABLE) return answer;
    await sleep(ASK_AGAIN_MS, undefined, { signal });
  }
}
