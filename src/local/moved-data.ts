import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfThere } from '../io/private-files.ts';
import { supervisorPid } from './control.ts';
import { roleFolder } from './hosts/place.ts';
import { type NetworkFiles, type NetworkPlan, networkFiles } from './network-plan.ts';
import { livingRecords } from './process-record.ts';
import type { Say } from './step.ts';

/**
 * `./run_all.sh` and the scripts of one computer keep points and apps in folders of their own. Whoever uses both in turns
 * on one network means the same CP001: its credential and journals move to where it is started now. What runs there, or
 * belongs to another network, stays. `isUp`: does that process of ours run?
 */
export async function moveDataHere(plan: NetworkPlan, isUp: (name: string) => boolean, say: Say): Promise<void> {
  const files = networkFiles(plan);
  for (const { cpId } of plan.points) {
    const there = await sameNetworkAt(plan, 'POINTS');
    if (there === undefined || isUp(`${cpId.toLowerCase()}-engine`)) continue;
    const [from, to] = [there.pointData(cpId), files.pointData(cpId)];
    const isEnrolled = (folder: string) => existsSync(join(folder, 'credential.json'));
    if (!isEnrolled(from) || isEnrolled(to)) continue;
    await move({ from, to, name: cpId, say });
    // Used up, but the Monitor is told of it; one that was registered by hand has none.
    const token = there.enrolmentToken(cpId);
    if (existsSync(token)) await rename(token, files.enrolmentToken(cpId));
  }
  for (const { clientId } of plan.drivers) {
    const there = await sameNetworkAt(plan, 'DRIVERS');
    const [from, to] = [there?.driverData(clientId) ?? '', files.driverData(clientId)];
    if (existsSync(from) && !existsSync(to)) await move({ from, to, name: clientId, say });
  }
}

/** The files of the other way to start such processes from this folder, if it is of the same network and does not run. */
async function sameNetworkAt(plan: NetworkPlan, role: 'POINTS' | 'DRIVERS'): Promise<NetworkFiles | undefined> {
  const { projectFolder, varFolder } = plan;
  const other =
    plan.role === 'EVERYTHING'
      ? roleFolder(role, { projectFolder, env: { EV_VAR_DIR: varFolder } })
      : dirname(varFolder);
  const there = networkFiles({ ...plan, varFolder: other });
  const authority = readIfThere(there.ca);
  const isSame = authority !== undefined && authority === readIfThere(networkFiles(plan).ca);
  if (!isSame || (await supervisorPid(there.control)) !== undefined) return undefined;
  return (await livingRecords(there.records)).length === 0 ? there : undefined;
}

async function move(what: { from: string; to: string; name: string; say: Say }): Promise<void> {
  const { from, to, name, say } = what;
  await mkdir(dirname(to), { recursive: true });
  // Never enrolled, so it never charged anything.
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
  say(`${name} goes on with what it has in ${from}`);
}
