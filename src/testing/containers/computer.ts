import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ComposeConfig, ComposeService } from './tools.ts';

/** A network namespace of a container, and its address inside its computer. */
export type Namespace = { name: string; address: string };

const ETC_NETNS = '/etc/netns';

/** The wire between computers. */
export class Hub {
  readonly name: string;
  readonly subnet: string;
  readonly computers: ComputerNetwork[] = [];

  constructor(prefix: string, subnet: string) {
    this.name = `${prefix}-hub`;
    this.subnet = subnet;
    ip('netns', 'add', this.name);
    inside(this.name, 'ip link set lo up');
    inside(this.name, 'ip link add wire type bridge && ip link set wire up');
    inside(this.name, `ip addr add ${subnet}.0.254/24 dev wire`);
  }

  /** A computer at `<subnet>.0.<number>`, its containers at `<subnet>.<number>.x`, which nobody else has a route to. */
  add(number: number): ComputerNetwork {
    const computer = new ComputerNetwork(this, number);
    this.computers.push(computer);
    return computer;
  }

  remove(): void {
    for (const computer of this.computers) computer.remove();
    ip('netns', 'del', this.name);
  }
}

/**
 * One computer with an engine's network: a bridge for its containers, their way out under the computer's own address,
 * published ports (as an engine's rules for the kernel have both), and for each project names (DNS) by /etc/hosts.
 */
export class ComputerNetwork {
  readonly address: string;
  readonly host: string;
  readonly #inner: string;
  readonly #namespaces = new Map<string, Namespace>();
  readonly #published = new Map<string, string[]>();

  constructor(hub: Hub, number: number) {
    this.address = `${hub.subnet}.0.${number}`;
    this.#inner = `${hub.subnet}.${number}`;
    this.host = `${hub.name}-${number}`;
    ip('netns', 'add', this.host);
    ip('link', 'add', `evw${number}`, 'netns', hub.name, 'type', 'veth', 'peer', 'name', 'wire', 'netns', this.host);
    inside(hub.name, `ip link set evw${number} master wire up`);
    inside(this.host, `ip link set lo up && ip addr add ${this.address}/24 dev wire && ip link set wire up`);
    inside(this.host, 'ip link add inner type bridge && ip link set inner up && sysctl -qw net.ipv4.ip_forward=1');
    inside(this.host, `ip addr add ${this.#inner}.1/24 dev inner`);
  }

  /** A namespace for each service of a project that has a network of its own; done again for changed files. */
  open(config: ComposeConfig): void {
    const names: string[] = ['127.0.0.1 localhost'];
    const mine: Namespace[] = [];
    for (const [name, service] of Object.entries(config.services)) {
      if (service.scale === 0 || service.network_mode?.startsWith('service:')) continue;
      const found = this.#namespaces.get(`${config.name}-${name}`) ?? this.#add(`${config.name}-${name}`);
      if (isReachingOut(config, service)) inside(found.name, `ip route replace default via ${this.#inner}.1`);
      mine.push(found);
      if (service.network_mode !== 'none') names.push(`${found.address} ${name} ${service.container_name ?? ''}`);
    }
    for (const { name, address } of mine) {
      mkdirSync(join(ETC_NETNS, name), { recursive: true });
      // An engine's container knows its own host name too: the broker asks for it.
      writeFileSync(join(ETC_NETNS, name, 'hosts'), `${[...names, `${address} ${hostname()}`].join('\n')}\n`);
    }
    this.#publish(config);
  }

  namespaceOf(config: ComposeConfig, service: string): Namespace {
    const mode = config.services[service]?.network_mode ?? '';
    const owner = mode.startsWith('service:') ? mode.slice('service:'.length) : service;
    const found = this.#namespaces.get(`${config.name}-${owner}`);
    if (!found) throw new Error(`no namespace for ${service}`);
    return found;
  }

  remove(): void {
    for (const { name } of this.#namespaces.values()) {
      ip('netns', 'del', name);
      rmSync(join(ETC_NETNS, name), { recursive: true, force: true });
    }
    ip('netns', 'del', this.host);
  }

  #add(container: string): Namespace {
    const index = this.#namespaces.size + 10;
    const name = `${this.host}-${container}`;
    const address = `${this.#inner}.${index}`;
    ip('netns', 'add', name);
    ip('link', 'add', `evc${index}`, 'netns', this.host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    inside(this.host, `ip link set evc${index} master inner up`);
    inside(name, `ip link set lo up && ip addr add ${address}/24 dev eth0 && ip link set eth0 up`);
    const made = { name, address };
    this.#namespaces.set(container, made);
    return made;
  }

  #publish(config: ComposeConfig): void {
    const rules = Object.entries(config.services).flatMap(([name, { ports = [], scale }]) =>
      scale === 0
        ? []
        : ports.map(({ published, target }) => {
            const to = `${this.namespaceOf(config, name).address}:${target}`;
            return `ip daddr ${this.address} tcp dport ${published} dnat to ${to}`;
          }),
    );
    this.#published.set(config.name, rules);
    const all = [...this.#published.values()].flat().join('\n');
    const subnet = `${this.#inner}.0/24`;
    const table = `table ip engine
      delete table ip engine
      table ip engine {
        chain in { type nat hook prerouting priority dstnat; ${all}
        }
        chain out { type nat hook postrouting priority srcnat; ip saddr ${subnet} oifname "wire" masquerade
          ip saddr ${subnet} ip daddr ${subnet} ct status dnat masquerade
        }
      }`;
    execFileSync('ip', ['netns', 'exec', this.host, 'nft', '-f', '-'], { input: table });
  }
}

/** False for a service on internal networks only, or on none. */
function isReachingOut({ networks = {} }: ComposeConfig, service: ComposeService): boolean {
  if (service.network_mode === 'none') return false;
  return Object.keys(service.networks ?? { default: null }).some((name) => networks[name]?.internal !== true);
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function inside(namespace: string, line: string): void {
  ip('netns', 'exec', namespace, 'sh', '-c', line);
}
