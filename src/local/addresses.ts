import { inUrl } from '../io/sockets/ip-address.ts';
import { type NetworkPlan, reachable, runsCentral } from './network-plan.ts';

/** Where Central and Registry are reached from this computer; what Central told a joined computer counts as well as what it was started with. */

/** Central's API of the computer that holds the data: the door for whoever joins. */
export function doorUrl(plan: NetworkPlan): string {
  return `https://${inUrl(dataHost(plan))}:${plan.ports.centralApi}`;
}

/** The nearest Central's API: our own, else the door's. */
export function centralApiUrl(plan: NetworkPlan): string {
  return runsCentral(plan) ? `https://${inUrl(reachable(plan.host))}:${plan.ports.centralApi}` : doorUrl(plan);
}

/** The APIs of all Centrals, the nearest first. */
export function centralApiUrls(plan: NetworkPlan): string[] {
  const further = plan.furtherHosts.map((host) => `https://${inUrl(host)}:${plan.ports.centralApi}`);
  return [...new Set([centralApiUrl(plan), doorUrl(plan), ...further, ...(plan.told?.centralApiUrls ?? [])])];
}

/** `host:port` of all Centrals for a Monitor; CENTRAL_SOCKETS replaces them. */
export function centralSockets(plan: NetworkPlan): string {
  const own = `${inUrl(dataHost(plan))}:${plan.ports.centralSockets}`;
  return process.env.CENTRAL_SOCKETS || [...new Set([own, ...(plan.told?.centralSockets ?? [])])].join(',');
}

/** Registry; REGISTRY_URL replaces it. */
export function registryUrl(plan: NetworkPlan): string {
  const host = plan.role === 'REGISTRY' ? reachable(plan.host) : (plan.registryHost ?? dataHost(plan));
  return process.env.REGISTRY_URL || plan.told?.registryUrl || `https://${inUrl(host)}:${plan.ports.registry}`;
}

function dataHost(plan: NetworkPlan): string {
  return plan.centralHost ?? reachable(plan.host);
}
