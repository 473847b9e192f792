import { rm } from 'node:fs/promises';
import type { NetworkFile } from './network-file.ts';
import type { HostRole } from './network-plan.ts';
import { named, notReady } from './not-ready.ts';
import { readSecret } from './secrets.ts';

const MANY_POINTS = 10;

/** The one summary of addresses, as lines. */
export function summaryLines(network: NetworkFile): string[] {
  const shownPoints = network.points.slice(0, MANY_POINTS);
  const hidden = network.points.length - shownPoints.length;
  return [
    titleLine(network),
    '',
    ...shown('Panel', network.panelUrl),
    ...network.drivers.map(({ clientId, url, zone }) =>
      row(`Driver app ${clientId}`, zone === '' ? url : `${url}   zone ${zone}`),
    ),
    ...shownPoints.map((point) => row(`Point ${point.cpId}`, `${point.pageUrl}   zone ${point.zone}`)),
    ...(hidden > 0 ? [row('', `and ${hidden} more points: ./ev status`)] : []),
    ...shown('Registry', network.registryUrl, 'for administrators, API: /docs'),
    ...shown('Weather', network.weatherUrl, weatherSource(network)),
    row('Central', `${network.centralApiUrl}   API: /docs, sockets: ${network.centralSockets} (TLS)`),
    row('Kafka, PostgreSQL', [network.kafkaBrokers, network.postgres].filter(Boolean).join(', ')),
    row('Our CA', network.caFile),
    '',
    `  ${COMMANDS[network.role]}   logs: ${network.varFolder}/logs`,
  ];
}

const TITLE: Readonly<Record<HostRole, string>> = {
  EVERYTHING: 'EVCharging',
  CENTRAL: 'EVCharging Central',
  REGISTRY: 'Registry',
  POINTS: 'This computer of charging points',
  DRIVERS: 'This computer of driver apps',
};

/** Whoever reads that it runs and is ready finds all of it ready. */
function titleLine({ role, isReady, hasStarted, readyAfterMs, processes }: NetworkFile): string {
  const title = TITLE[role];
  if (isReady && readyAfterMs !== undefined)
    return `${title} runs (ready after ${(readyAfterMs / 1_000).toFixed(1)} s)`;
  if (!hasStarted) return `${title} is starting: ./ev status shows how far it is`;
  return `${title} is not ready yet: ${named(notReady(processes))}; ./ev status shows when it is`;
}

const COMMANDS: Readonly<Record<HostRole, string>> = {
  EVERYTHING: './ev status   ./ev logs   ./ev stop NAME   ./ev start NAME   ./stop_all.sh',
  CENTRAL: './ev status   ./ev logs   ./ev stop NAME   ./ev start NAME   EV_Central/stop.sh',
  REGISTRY: './ev status   ./ev logs   EV_Registry/stop.sh',
  POINTS: './ev status   ./ev logs   EV_CP/stop.sh [CP_ID]',
  DRIVERS: './ev status   ./ev logs   EV_Driver/stop.sh [DRV_ID]',
};

/** A row for what runs on this computer, none for what does not. */
function shown(name: string, url: string, further = ''): string[] {
  return url === '' ? [] : [row(name, `${url}   ${further}`.trimEnd())];
}

function weatherSource({ weatherSimUrl }: NetworkFile): string {
  return weatherSimUrl === undefined
    ? 'OpenWeather'
    : `simulated: ${weatherSimUrl}/sim (a key in api_key.txt or .env asks OpenWeather)`;
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(18)} ${value}`;
}

/** The first administrator's line, once: the file that `ev admin init` left is removed after it was read. */
export async function takeFirstAdmin(file: string): Promise<string[]> {
  const left = await readSecret(file);
  if (left === undefined) return [];
  await rm(file, { force: true });
  const sentence = left.replaceAll('\n', '   ');
  return ['', `  First administrator (shown this once): ${sentence}`];
}
