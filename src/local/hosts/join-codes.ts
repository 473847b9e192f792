import { readIfThere } from '../../io/private-files.ts';
import { JOIN_KINDS, type JoinKind } from '../../messages/join-api.ts';
import { type NetworkPlan, networkFiles } from '../network-plan.ts';
import { runToEnd } from '../one-shot.ts';
import { nodeProgram } from '../process-table.ts';

const HEAP_MB = 128;
const WITHIN_MS = 60_000;

const SCRIPT: Readonly<Record<JoinKind, (host: string, ports: NetworkPlan['ports']) => string>> = {
  points: (host, ports) => `./EV_CP/start.sh ${host} ${ports.centralSockets}`,
  drivers: (host, ports) => `./EV_Driver/start.sh ${host} ${ports.kafka}`,
};

/** Makes a fresh join code for each kind of computer (24 h), ends those of before, and returns the lines to type there. */
export async function writeJoinCodes(plan: NetworkPlan): Promise<string[]> {
  const files = networkFiles(plan);
  const lines: string[] = [];
  for (const kind of JOIN_KINDS) {
    const file = files.joinCode(kind);
    const program = nodeProgram(plan, {
      command: 'admin',
      args: ['join-code', `join-${kind}`, '--for', kind, '--file', file],
      heapMb: HEAP_MB,
      env: {
        DATABASE_ADMIN_URL_FILE: files.adminDatabaseUrl,
        EV_SECRETS_DIR: files.secrets,
        EV_MASTER_KEY_FILE: files.masterKey,
      },
    });
    await runToEnd(program, 'ev admin join-code', AbortSignal.timeout(WITHIN_MS));
    lines.push(`    EV_JOIN=${readIfThere(file) ?? ''} ${SCRIPT[kind](plan.publicHost, plan.ports)}`);
  }
  return ['  On the other computers, once within 24 hours (later starts need no code):', ...lines, ''];
}
