import { readIfThere } from '../../io/private-files.ts';
import { isTrustedKind, type JoinKind } from '../../messages/join-api.ts';
import { type NetworkPlan, networkFiles } from '../network-plan.ts';
import { runToEnd } from '../one-shot.ts';
import { nodeProgram } from '../process-table.ts';

const HEAP_MB = 128;
const WITHIN_MS = 60_000;

/** The line to type on a computer of that kind. */
type Line = { kind: JoinKind; name: string; typed: string };

/**
 * Makes fresh join codes (24 h), ends those of before, and returns the lines to type on the other computers: points and
 * drivers always, those that hold the master key only for the addresses that were just named.
 */
export async function writeJoinCodes(
  plan: NetworkPlan,
  trusted: { registryHost?: string | undefined; furtherHosts: readonly string[] },
): Promise<string[]> {
  const { publicHost: host, ports } = plan;
  const lines: Line[] = [
    { kind: 'points', name: 'points', typed: `./EV_CP/start.sh ${host} ${ports.centralSockets}` },
    { kind: 'drivers', name: 'drivers', typed: `./EV_Driver/start.sh ${host} ${ports.kafka}` },
    ...(trusted.registryHost === undefined
      ? []
      : [{ kind: 'registry', name: 'registry', typed: `./EV_Registry/start.sh ${host}` } as const]),
    ...trusted.furtherHosts.map((further, index): Line => {
      return {
        kind: 'central',
        name: `central-${index + 2}`,
        typed: `./EV_Central/start.sh ${further} --beside ${host}`,
      };
    }),
  ];
  const printed: string[] = [];
  for (const line of lines) printed.push(`    EV_JOIN=${await writeJoinCode(plan, line)} ${line.typed}`);
  const once = isTrustedIn(lines)
    ? ['  (the codes of Registry and of a further Central are good for one computer)']
    : [];
  return ['  On the other computers, once within 24 hours (later starts need no code):', ...printed, ...once, ''];
}

function isTrustedIn(lines: readonly Line[]): boolean {
  return lines.some(({ kind }) => isTrustedKind(kind));
}

async function writeJoinCode(plan: NetworkPlan, { kind, name }: Line): Promise<string> {
  const files = networkFiles(plan);
  const file = files.joinCode(name);
  const program = nodeProgram(plan, {
    command: 'admin',
    args: ['join-code', `join-${name}`, '--for', kind, '--file', file],
    heapMb: HEAP_MB,
    env: {
      DATABASE_ADMIN_URL_FILE: files.adminDatabaseUrl,
      EV_SECRETS_DIR: files.secrets,
      EV_MASTER_KEY_FILE: files.masterKey,
    },
  });
  await runToEnd(program, 'ev admin join-code', AbortSignal.timeout(WITHIN_MS));
  return readIfThere(file) ?? '';
}
