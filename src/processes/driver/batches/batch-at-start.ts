import { readFileSync } from 'node:fs';
import { type Batch, type BatchLine, isBatchOver } from '../../../domain/batch.ts';
import { refusalText } from '../../../domain/refusal.ts';
import type { Clock } from '../../../io/clock.ts';
import type { CentralLink } from '../central-link.ts';
import { admitUser } from '../routes/session-cookie.ts';
import type { Users } from '../users.ts';
import type { Batches } from './batch-runner.ts';

export type BatchAtStartParts = {
  link: CentralLink;
  users: Users;
  batches: Batches;
  isCentralReachable: () => boolean;
  clock: Clock;
  /** Where people read it: the terminal. */
  say(line: string): void;
};

const LOOK_EVERY_MS = 500;

/** What a line says now, for the terminal. */
function lineNews(line: BatchLine): string {
  const result =
    line.refusal !== undefined
      ? refusalText(line.refusal)
      : line.endReason !== undefined
        ? `${line.endReason} ${line.energyWh} Wh ${line.amountCents} cents`
        : line.state === 'OPEN'
          ? line.supplyState
          : undefined;
  return `line ${line.line} ${line.cpId}: ${line.state}${result === undefined ? '' : ` ${result}`}`;
}

/**
 * The batch of the command line (`EV_Driver broker client file`, R1-14, R1-G04): logs in when Central is there and
 * starts it, or goes on with the one that a killed process left; then tells each step.
 */
export function startBatchFile(
  asked: { file: string; driverId: string; password: string },
  parts: BatchAtStartParts,
): { stop(): void } {
  const { clock, say, batches } = parts;
  const text = readFileSync(asked.file, 'utf8');
  let phase: 'WAITING' | 'ASKING' | 'RUNNING' | 'OVER' = 'WAITING';
  const told = new Map<string, string>();

  const begin = async () => {
    const answer = await parts.link.ask('login', { driverId: asked.driverId, password: asked.password });
    if (answer.type !== 'login-accepted') {
      const code = answer.type === 'login-refused' ? answer.body.code : answer.type;
      if (code !== 'SERVICE_UNAVAILABLE') return finish(`${asked.driverId} cannot sign in: ${code}`);
      phase = 'WAITING';
      return;
    }
    const { sessionToken, expiresAtMs, state } = answer.body;
    const user = admitUser(sessionToken, { expiresAtMs, state }, parts);
    const left = batches.ofDriver(asked.driverId).find((batch) => !isBatchOver(batch));
    const batch = left ?? batches.start(user, sessionToken, text);
    if (typeof batch === 'string') return finish(`${asked.file}: ${batch}`);
    say(`batch of ${batch.lines.length} lines for ${asked.driverId}${left ? ' goes on' : ' begins'}`);
    phase = 'RUNNING';
  };
  const finish = (words: string) => {
    say(words);
    phase = 'OVER';
  };
  const tell = (batch: Batch) => {
    for (const line of batch.lines) {
      const news = lineNews(line);
      if (line.state !== 'WAITING' && told.get(line.requestId) !== news) say(news);
      told.set(line.requestId, news);
    }
    if (!isBatchOver(batch)) return;
    const count = (state: BatchLine['state']) => batch.lines.filter((line) => line.state === state).length;
    finish(`batch ${batch.state}: ${count('DONE')} done, ${batch.lines.length - count('DONE')} not`);
  };
  const timer = clock.setRepeating(() => {
    if (phase === 'WAITING' && parts.isCentralReachable()) {
      phase = 'ASKING';
      begin().catch(() => {
        phase = 'WAITING';
      });
    }
    const [newest] = phase === 'RUNNING' ? batches.ofDriver(asked.driverId) : [];
    if (newest) tell(newest);
  }, LOOK_EVERY_MS);
  return { stop: () => timer.cancel() };
}
