import { existsSync } from 'node:fs';
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

/**
 * Gets a point its enrolment token through Central's public API, as anybody would, and leaves it in a 0600 file for the
 * Monitor. Does nothing once there is a token. Waits for Central until the signal aborts, then throws.
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
  if (existsSync(tokenFile)) return;
  const token = await readSecret(files.pointsEnrolToken);
  if (token === undefined) throw new Error(`${files.pointsEnrolToken} is missing: ${cpId} cannot be enrolled`);
  const client = createHttpClient({ baseUrl: of.apiUrl, caFile: files.ca, token });
  const answer = await whenCentralAnswers(of.signal, () =>
    client.send('POST', '/api/charging_points', { body: samplePoint(of.point) }),
  );
  if (answer.status === ALREADY_THERE && existsSync(join(files.pointData(cpId)))) return;
  const enrolmentToken = (answer.body as { enrolmentToken?: unknown } | undefined)?.enrolmentToken;
  if (answer.status !== CREATED || typeof enrolmentToken !== 'string') {
    throw new Error(
      `Central answered ${answer.status} to the enrolment of ${cpId}: ${JSON.stringify(answer.body).slice(0, 300)}`,
    );
  }
  await writeAtomically(tokenFile, `${enrolmentToken}\n`, 0o600);
  of.say(`${cpId} is known to Central and has its enrolment token`);
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
