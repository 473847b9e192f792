import { execFileSync, spawn } from 'node:child_process';
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

  /** A computer at `<subnet>.0.<number>`, its containers at `<subnet>.<number>.x`. */
  add(number: number): ComputerNetwork {
    const computer = new ComputerNetwork(this, number);
    for (const other of this.computers) {
      other.routeTo(computer);
      computer.routeTo(other);
    }
    this.computers.push(computer);
    inside(this.name, `ip route add ${this.subnet}.${number}.0/24 via ${computer.address}`);
    return computer;
  }

  remove(): void {
    for (const computer of this.computers) computer.remove();
    ip('netns', 'del', this.name);
  }
}

/** One computer with an engine's network: a bridge for its containers, published ports, names (DNS) by /etc/hosts. */
export class ComputerNetwork {
  readonly address: string;
  readonly host: string;
  readonly #hub: Hub;
  readonly #number: number;
  readonly #namespaces = new Map<string, Namespace>();
  #forwarder: ReturnType<typeof spawn> | undefined;

  constructor(hub: Hub, number: number) {
    this.#hub = hub;
    this.#number = number;
    this.address = `${hub.subnet}.0.${number}`;
    this.host = `${hub.name}-${number}`;
    ip('netns', 'add', this.host);
    ip('link', 'add', `evw${number}`, 'netns', hub.name, 'type', 'veth', 'peer', 'name', 'wire', 'netns', this.host);
    inside(hub.name, `ip link set evw${number} master wire up`);
    inside(this.host, `ip link set lo up && ip addr add ${this.address}/24 dev wire && ip link set wire up`);
    inside(this.host, 'ip link add inner type bridge && ip link set inner up && sysctl -qw net.ipv4.ip_forward=1');
    inside(this.host, `ip addr add ${hub.subnet}.${number}.1/24 dev inner`);
  }

  routeTo(other: ComputerNetwork): void {
    inside(this.host, `ip route add ${this.#hub.subnet}.${other.#number}.0/24 via ${other.address}`);
  }

  /** A namespace for each service that has a network of its own; names lead to all of them. */
  open(config: ComposeConfig): void {
    const names: string[] = ['127.0.0.1 localhost'];
    for (const [name, service] of Object.entries(config.services)) {
      if (service.network_mode?.startsWith('service:')) continue;
      const made = this.#add(name, isReachingOut(config, service));
      if (service.network_mode !== 'none') names.push(`${made.address} ${name} ${service.container_name ?? ''}`);
    }
    for (const { name, address } of this.#namespaces.values()) {
      mkdirSync(join(ETC_NETNS, name), { recursive: true });
      // An engine's container knows its own host name too: the broker asks for it.
      writeFileSync(join(ETC_NETNS, name, 'hosts'), `${[...names, `${address} ${hostname()}`].join('\n')}\n`);
    }
    this.#publish(config);
  }

  namespaceOf(config: ComposeConfig, service: string): Namespace {
    const mode = config.services[service]?.network_mode ?? '';
    const found = this.#namespaces.get(mode.startsWith('service:') ? mode.slice('service:'.length) : service);
    if (!found) throw new Error(`no namespace for ${service}`);
    return found;
  }

  remove(): void {
    this.#forwarder?.kill('SIGKILL');
    for (const { name } of this.#namespaces.values()) {
      ip('netns', 'del', name);
      rmSync(join(ETC_NETNS, name), { recursive: true, force: true });
    }
    ip('netns', 'del', this.host);
  }

  #add(service: string, isReaching: boolean): Namespace {
    const index = this.#namespaces.size + 10;
    const name = `${this.host}-${service}`;
    const address = `${this.#hub.subnet}.${this.#number}.${index}`;
    ip('netns', 'add', name);
    ip('link', 'add', `evc${index}`, 'netns', this.host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    inside(this.host, `ip link set evc${index} master inner up`);
    inside(name, `ip link set lo up && ip addr add ${address}/24 dev eth0 && ip link set eth0 up`);
    if (isReaching) inside(name, `ip route add default via ${this.#hub.subnet}.${this.#number}.1`);
    const made = { name, address };
    this.#namespaces.set(service, made);
    return made;
  }

  #publish(config: ComposeConfig): void {
    const rules = Object.entries(config.services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ published, target }) => `${published}=${this.namespaceOf(config, name).address}:${target}`),
    );
    const words = ['netns', 'exec', this.host, process.execPath, join(import.meta.dirname, 'forward.ts'), ...rules];
    this.#forwarder = spawn('ip', words, { stdio: 'ignore' });
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
