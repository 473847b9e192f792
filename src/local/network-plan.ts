import { join } from 'node:path';
import { isLoopback } from '../io/sockets/ip-address.ts';
import type { NetworkAddresses, TrustedKind } from '../messages/join-api.ts';
import {
  driverId,
  driverPort,
  PORT_VARIABLES,
  type PointPorts,
  pointId,
  pointPorts,
  SERVICE_PORTS,
  type ServicePort,
} from './ports.ts';

/** One charging point of the local network. */
export type PointPlan = { cpId: string; zone: string; ports: PointPorts };

/** A computer that may reach the database from elsewhere, and the service that it runs. */
export type DatabaseGuest = { service: TrustedKind; host: string };

/** One driver app of the local network; zone empty: the first that exists. */
export type DriverPlan = { clientId: string; zone: string; port: number };

/** What one computer runs: the whole network, or its part of one that several computers make (R2-70). */
export type HostRole = 'EVERYTHING' | 'CENTRAL' | 'REGISTRY' | 'POINTS' | 'DRIVERS';

/** Everything that is decided before anything starts: addresses, names, folders. Pure. */
export type NetworkPlan = {
  projectFolder: string;
  varFolder: string;
  role: HostRole;
  /** Address to listen on. */
  host: string;
  /** Name or address by which browsers and other computers reach this one. */
  publicHost: string;
  /** The computer of database and broker, and so of the first Central; undefined: this one. */
  centralHost: string | undefined;
  /** The computer that runs Registry in place of Central's. */
  registryHost: string | undefined;
  /** Computers of further Centrals on this one's database and broker. */
  furtherHosts: readonly string[];
  /** What Central told a computer that has joined. */
  told: NetworkAddresses | undefined;
  ports: Record<ServicePort, number>;
  /** Set when a running cluster is used instead of our own. */
  externalBrokers: string | undefined;
  /** Kafka over TLS, with users and rights: as soon as anything listens beyond loopback, or when asked for (R2-27). */
  isKafkaSecured: boolean;
  externalDatabaseUrl: string | undefined;
  /** No key of OpenWeather is here: the stand-in answers, and every page says so. */
  isWeatherSimulated: boolean;
  points: PointPlan[];
  drivers: DriverPlan[];
};

/** One computer's part of a network: decided from its script's arguments and kept in `host.json`. */
export type HostPlace = {
  role: HostRole;
  varFolder: string;
  host: string;
  publicHost: string;
  centralHost: string | undefined;
  registryHost?: string | undefined;
  furtherHosts?: string[];
  told?: NetworkAddresses | undefined;
  brokers: string | undefined;
  /** Ports that its script was told. */
  ports: Partial<Record<ServicePort, number>>;
  pointIds: string[];
  driverIds: string[];
};

/** A port that must be free, who wants it and the variable that moves it. */
export type WantedPort = { owner: string; port: number; variable: string };

const LOOPBACK = '127.0.0.1';
const ZONES = ['ALC', 'MAD'] as const;

/** A variable that should hold a number and does not. */
export class BadSetting extends Error {
  readonly code = 'BAD_SETTING';
}

/** Reads the plan from the counts and the variables. EV_PORT_OFFSET moves all ports at once; each also has its own. */
export function planNetwork(asked: {
  projectFolder: string;
  points: number;
  drivers: number;
  /** A key of OpenWeather was found (environment, api_key.txt or .env). */
  hasWeatherKey?: boolean;
  /** One computer of several; left out: this one runs everything. */
  place?: HostPlace;
  env: NodeJS.ProcessEnv;
}): NetworkPlan {
  const { env, projectFolder, place } = asked;
  refuseQuotes(env);
  const port = (variable: string, usual: number): number => portFrom(env, { variable, usual });
  const services = Object.keys(SERVICE_PORTS) as ServicePort[];
  const points = (place?.pointIds ?? idsUpTo(asked.points, pointId)).map((cpId, index) => pointPlan(cpId, index, port));
  return {
    projectFolder,
    varFolder: place?.varFolder ?? varFolderOf(projectFolder, env),
    role: place?.role ?? 'EVERYTHING',
    host: place?.host ?? env.EV_HOST ?? LOOPBACK,
    publicHost: place?.publicHost ?? (env.EV_PUBLIC_HOST || reachable(env.EV_HOST ?? LOOPBACK)),
    centralHost: place?.centralHost,
    registryHost: place?.registryHost,
    furtherHosts: place?.furtherHosts ?? [],
    told: place?.told,
    ports: Object.fromEntries(
      services.map((name) => [name, place?.ports[name] ?? port(PORT_VARIABLES[name], SERVICE_PORTS[name])]),
    ) as Record<ServicePort, number>,
    externalBrokers: place?.brokers ?? (env.KAFKA_BROKERS || undefined),
    isKafkaSecured: isKafkaSecured(env, place),
    externalDatabaseUrl: env.DATABASE_URL || undefined,
    isWeatherSimulated: env.EV_WEATHER_SIM === 'true' || (asked.hasWeatherKey !== true && !env.OPENWEATHER_URL),
    points,
    drivers: (place?.driverIds ?? idsUpTo(asked.drivers, driverId)).map((clientId, index) => {
      const zone = env.EV_ZONE || knownZone(zoneOf(clientId), points);
      return { clientId, zone, port: port(`${clientId}_PORT`, driverPort(index)) };
    }),
  };
}

/** Where data, logs and secrets are, unless EV_VAR_DIR says otherwise. */
export function varFolderOf(projectFolder: string, env: NodeJS.ProcessEnv): string {
  return env.EV_VAR_DIR || join(projectFolder, 'var');
}

/** An address on which a listener at this address answers. */
export function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? LOOPBACK : host;
}

// False is for a broker of somebody else's that is plain on loopback; our own stays there then, too.
function isKafkaSecured(env: NodeJS.ProcessEnv, place: HostPlace | undefined): boolean {
  const hosts = [place?.host ?? env.EV_HOST ?? LOOPBACK, place?.centralHost ?? LOOPBACK];
  return env.EV_KAFKA_SECURED === 'true' || (env.EV_KAFKA_SECURED !== 'false' && !hosts.every(isLoopback));
}

function idsUpTo(count: number, idAt: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => idAt(index));
}

function pointPlan(cpId: string, index: number, port: (variable: string, usual: number) => number): PointPlan {
  const usual = pointPorts(index);
  const ports = {
    monitor: port(`${cpId}_MONITOR_PORT`, usual.monitor),
    page: port(`${cpId}_PAGE_PORT`, usual.page),
    engineApi: port(`${cpId}_ENGINE_API_PORT`, usual.engineApi),
    monitorApi: port(`${cpId}_MONITOR_API_PORT`, usual.monitorApi),
  };
  return { cpId, zone: zoneOf(cpId), ports };
}

// By the id's own number: a point or an app keeps its zone on whichever computer it runs.
function zoneOf(id: string): string {
  const number = Number(/\d+$/.exec(id)?.[0] ?? 1);
  return ZONES[(number + ZONES.length - 1) % ZONES.length] ?? ZONES[0];
}

// A zone without a point may not exist; empty is the first that does.
function knownZone(zone: string, points: readonly PointPlan[]): string {
  return points.some((point) => point.zone === zone) ? zone : '';
}

// A shell or a .env that leaves its quotation marks in the value: nothing would resolve or connect (F-06).
function refuseQuotes(env: NodeJS.ProcessEnv): void {
  const ours = Object.entries(env).filter(([name]) =>
    /^(EV_|KAFKA_|CENTRAL_|DATABASE_URL|REGISTRY_|CP\d|DRV\d|[A-Z_]+_PORT$)/.test(name),
  );
  const quoted = ours.filter(([, value]) => value !== undefined && /^(["']).*\1$/.test(value)).map(([name]) => name);
  if (quoted.length > 0)
    throw new BadSetting(`${quoted.join(', ')}: the value is wrapped in quotation marks; write it bare`);
}

function portFrom(env: NodeJS.ProcessEnv, wanted: { variable: string; usual: number }): number {
  const own = env[wanted.variable];
  const offset = wholeNumber('EV_PORT_OFFSET', env.EV_PORT_OFFSET ?? '0');
  const port = own === undefined || own === '' ? wanted.usual + offset : wholeNumber(wanted.variable, own);
  if (port < 1 || port > 65_535) throw new BadSetting(`${wanted.variable}: ${port} is not a port (1 to 65535)`);
  return port;
}

function wholeNumber(variable: string, text: string): number {
  if (!/^-?\d{1,5}$/.test(text)) throw new BadSetting(`${variable}='${text}' is not a whole number`);
  return Number(text);
}

/** A Central and its panel are on this computer. */
export function runsCentral(plan: Pick<NetworkPlan, 'role'>): boolean {
  return plan.role === 'EVERYTHING' || plan.role === 'CENTRAL';
}

/** Database, broker and the network's secrets are on this computer. */
export function holdsData(plan: Pick<NetworkPlan, 'role' | 'centralHost'>): boolean {
  return runsCentral(plan) && plan.centralHost === undefined;
}

/** Registry is on this computer: one alone in the network. */
export function runsRegistry(plan: Pick<NetworkPlan, 'role' | 'centralHost' | 'registryHost'>): boolean {
  return plan.role === 'REGISTRY' || (holdsData(plan) && plan.registryHost === undefined);
}

/** Other computers may reach our database: those that run Registry or a further Central, and no others. */
export function databaseGuests(plan: NetworkPlan): DatabaseGuest[] {
  if (!holdsData(plan) || plan.externalDatabaseUrl !== undefined) return [];
  const registry = plan.registryHost === undefined ? [] : [plan.registryHost];
  return [
    ...registry.map((host) => ({ service: 'registry' as const, host })),
    ...plan.furtherHosts.map((host) => ({ service: 'central' as const, host })),
  ];
}

/** EV_W runs here: beside the points (R2-70). */
export function runsWeather(plan: Pick<NetworkPlan, 'role'>): boolean {
  return plan.role === 'EVERYTHING' || plan.role === 'POINTS';
}

/** Every port that the network will listen on, PostgreSQL's apart (which looks for a free one by itself). */
export function wantedPorts(plan: NetworkPlan): WantedPort[] {
  const services: ServicePort[] = [];
  if (holdsData(plan) && plan.externalBrokers === undefined)
    services.push('kafka', 'kafkaController', ...(plan.isKafkaSecured ? (['kafkaInner'] as const) : []));
  if (runsCentral(plan)) services.push('centralSockets', 'centralApi', 'panel');
  if (runsRegistry(plan)) services.push('registry');
  if (runsWeather(plan)) {
    services.push('weather');
    if (plan.isWeatherSimulated) services.push('weatherSim');
  }
  const owners: Partial<Record<ServicePort, string>> = {
    ...{
      kafka: 'kafka',
      kafkaController: 'kafka',
      kafkaInner: 'kafka',
      centralSockets: 'central',
      centralApi: 'central',
    },
    ...{ panel: 'central-web', registry: 'registry', weather: 'weather', weatherSim: 'weather-sim' },
  };
  return [
    ...services.map((name) => ({
      owner: owners[name] ?? name,
      port: plan.ports[name],
      variable: PORT_VARIABLES[name],
    })),
    ...plan.points.flatMap(({ cpId, ports }) => {
      const name = cpId.toLowerCase();
      return [
        { owner: `${name}-monitor`, port: ports.monitor, variable: `${cpId}_MONITOR_PORT` },
        { owner: `${name}-monitor`, port: ports.monitorApi, variable: `${cpId}_MONITOR_API_PORT` },
        { owner: `${name}-engine`, port: ports.engineApi, variable: `${cpId}_ENGINE_API_PORT` },
        { owner: `${name}-web`, port: ports.page, variable: `${cpId}_PAGE_PORT` },
      ];
    }),
    ...plan.drivers.map(({ clientId, port }) => ({
      owner: clientId.toLowerCase(),
      port,
      variable: `${clientId}_PORT`,
    })),
  ];
}

/** Where things are below the var folder. */
export function networkFiles(plan: Pick<NetworkPlan, 'varFolder' | 'projectFolder'>) {
  const { varFolder } = plan;
  const secrets = join(varFolder, 'secrets');
  return {
    secrets,
    logs: join(varFolder, 'logs'),
    audit: join(varFolder, 'logs'),
    run: join(varFolder, 'run'),
    compileCache: join(plan.projectFolder, 'var', 'compile-cache'),
    network: join(varFolder, 'network.json'),
    records: join(varFolder, 'run', 'processes.json'),
    control: join(varFolder, 'run', 'control.json'),
    ca: join(secrets, 'ca.pem'),
    firstAdmin: join(secrets, 'first-admin.txt'),
    adminDatabaseUrl: join(secrets, 'database-admin.url'),
    centralDatabaseUrl: join(secrets, 'database-central.url'),
    registryDatabaseUrl: join(secrets, 'database-registry.url'),
    masterKey: join(secrets, 'master.key'),
    centralApiToken: join(secrets, 'central-web.token'),
    weatherToken: join(secrets, 'weather.token'),
    servicesToken: join(secrets, 'services.token'),
    weatherSimData: join(varFolder, 'weather-sim'),
    /** Certificate and private key of this computer's pages, in one file: whoever reads it has a pair that belongs together. */
    pageLeaf: join(secrets, 'page.pem'),
    hostToken: join(secrets, 'host.token'),
    /** SHA-256 of the join code by which this computer came in. */
    usedJoinCode: join(secrets, 'join-code.sha256'),
    /** What the script was told last; a start without arguments means the same. */
    place: join(varFolder, 'host.json'),
    kafkaPassword: (user: string) => join(secrets, `kafka-${user}.password`),
    joinCode: (kind: string) => join(secrets, `join-${kind}.code`),
    pointsEnrolToken: join(secrets, 'points-enrol.token'),
    pairingToken: (cpId: string) => join(secrets, `pairing-${cpId}.token`),
    enrolmentToken: (cpId: string) => join(secrets, `enrolment-${cpId}.token`),
    pointData: (cpId: string) => join(varFolder, 'points', cpId),
    driverData: (clientId: string) => join(varFolder, 'drivers', clientId),
  };
}

/** The files and folders of one network. */
export type NetworkFiles = ReturnType<typeof networkFiles>;
