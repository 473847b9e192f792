import { readIfThere } from '../../io/private-files.ts';
import { outOfUrl } from '../../io/sockets/ip-address.ts';
import { centralApiUrls, centralSockets, doorUrl, registryUrl } from '../addresses.ts';
import { holdsData, type NetworkPlan, networkFiles } from '../network-plan.ts';
import { advertisedUnreachable, givenBrokers } from './advertised.ts';
import { hostAndPort, type NeededAddress, unreachableOf } from './reach.ts';

const HTTPS_PORT = 443;

/** A sentence for each address of another computer that this one needs and that does not answer. Ten seconds at most. */
export async function notReached(plan: NetworkPlan): Promise<string[]> {
  if (holdsData(plan)) return [];
  return (await Promise.all([unreachableOf(neededBy(plan)), advertisedUnreachable(plan)])).flat();
}

/** The same for what is not ready at the end of a start. Of Central itself a driver app needs only what the broker brings. */
export async function whyNotReady(plan: NetworkPlan): Promise<string[]> {
  const found = await notReached(plan);
  return found.length === 0 && plan.role === 'DRIVERS' ? unreachableOf(apiAddresses(plan)) : found;
}

/** Central's API of the computer that holds the data, by which this one joins. */
export function doorAddress(plan: NetworkPlan): NeededAddress {
  return apiAddress(doorUrl(plan));
}

/** What a computer that joined needs of the others, by its role: of several Centrals all. */
export function neededBy(plan: NetworkPlan): NeededAddress[] {
  const brokers = givenBrokers(plan);
  switch (plan.role) {
    case 'DRIVERS':
      return brokers;
    case 'REGISTRY':
      return [doorAddress(plan), databaseAddress(plan)];
    case 'CENTRAL':
      return [doorAddress(plan), databaseAddress(plan), ...brokers];
    default:
      return [...apiAddresses(plan), ...socketAddresses(plan), registryAddress(plan), ...brokers];
  }
}

function apiAddress(url: string): NeededAddress {
  return { ...ofUrl(url), what: "Central's API", variable: 'CENTRAL_HOST, CENTRAL_API_PORT' };
}

function apiAddresses(plan: NetworkPlan): NeededAddress[] {
  const all = centralApiUrls(plan).map(apiAddress);
  return [...new Map(all.map((one) => [`${one.host}:${one.port}`, one])).values()];
}

function socketAddresses(plan: NetworkPlan): NeededAddress[] {
  return centralSockets(plan)
    .split(',')
    .map((socket) => ({
      ...hostAndPort(socket.trim()),
      ...{ what: "Central's sockets", variable: 'CENTRAL_HOST, CENTRAL_PORT' },
    }));
}

function registryAddress(plan: NetworkPlan): NeededAddress {
  return { ...ofUrl(registryUrl(plan)), what: 'Registry', variable: 'REGISTRY_URL, REGISTRY_PORT' };
}

/** As the join wrote it down. */
function databaseAddress(plan: NetworkPlan): NeededAddress {
  const files = networkFiles(plan);
  const url = readIfThere(plan.role === 'REGISTRY' ? files.registryDatabaseUrl : files.centralDatabaseUrl) ?? '';
  return { ...ofUrl(url), what: 'PostgreSQL', variable: 'JOIN_DATABASE_ADDRESS, POSTGRES_PORT' };
}

function ofUrl(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: outOfUrl(hostname), port: Number(port || HTTPS_PORT) };
}
