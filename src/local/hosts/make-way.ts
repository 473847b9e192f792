import { askSupervisor } from '../control.ts';
import { readNetworkFile } from '../network-file.ts';
import { BadSetting, type HostPlace, type NetworkFiles } from '../network-plan.ts';
import { isAlive, isTrueWithin } from '../os-process.ts';
import { isProcessOf } from '../process-table.ts';
import type { HostArguments } from './host-arguments.ts';
import { isElsewhere } from './place.ts';

const LEAVES_WITHIN_MS = 20_000;

/** A start while a supervisor runs on this computer. */
export type Beside = {
  pid: number;
  said: Pick<HostArguments, 'ids' | 'isAlone' | 'registryHost' | 'furtherHosts'>;
  place: HostPlace;
  /** The place that it runs at. */
  last: HostPlace | undefined;
};

/**
 * It runs already. Those of the ids that were stopped are started again (false); for what is new or elsewhere now the
 * supervisor is to leave, and the next one takes its processes over and starts the others beside them (true).
 */
export async function mustMakeWay(files: NetworkFiles, { pid, said, place, last }: Beside): Promise<boolean> {
  const network = await readNetworkFile(files.network);
  if (network?.role === 'EVERYTHING')
    throw new BadSetting(
      `./run_all.sh runs everything on this computer (supervisor pid ${pid}): type ./stop_all.sh first`,
    );
  const names = network?.processes.map((one) => one.name) ?? [];
  const isNew = said.ids.some((id) => !names.some((name) => isProcessOf(id, name)));
  const isOther = said.isAlone || said.registryHost !== undefined || said.furtherHosts.length > 0;
  for (const name of names.filter((one) => said.ids.some((id) => isProcessOf(id, one))))
    await askSupervisor(files.control, { ask: 'START', name });
  return isNew || isOther || isElsewhere(place, last);
}

/** Asks the supervisor to leave its processes to the next one, and waits until it is gone. */
export async function makeWay(files: NetworkFiles, pid: number, withinMs = LEAVES_WITHIN_MS): Promise<void> {
  await askSupervisor(files.control, { ask: 'LEAVE' });
  const hasLeft = await isTrueWithin(withinMs, () => !isAlive(pid));
  if (!hasLeft) throw new Error(`the supervisor (pid ${pid}) does not end; see ./ev status`);
}
