import { join } from 'node:path';
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

/** One driver app of the local network. */
export type DriverPlan = { clientId: string; zone: string; port: number };

/** Everything that is decided before anything starts: addresses, names, folders. Pure. */
export type NetworkPlan = {
  projectFolder: string;
  varFolder: string;
  host: string;
  ports: Record<ServicePort, number>;
  /** Set when a running cluster is used instead of our own. */
  externalBrokers: string | undefined;
  externalDatabaseUrl: string | undefined;
  /** No key of OpenWeather is here: the stand-in answers, and every page says so. */
  isWeatherSimulated: boolean;
  points: PointPlan[];
  drivers: DriverPlan[];
};

/** A port that must be free, who wants it and the variable that moves it. */
export type WantedPort = { owner: string; port: number; variable: string };

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
  env: NodeJS.ProcessEnv;
}): NetworkPlan {
  const { env, projectFolder } = asked;
  const port = (variable: string, usual: number): number => portFrom(env, { variable, usual });
  const services = Object.keys(SERVICE_PORTS) as ServicePort[];
  return {
    projectFolder,
    varFolder: env.EV_VAR_DIR ?? join(projectFolder, 'var'),
    host: env.EV_HOST ?? '127.0.0.1',
    ports: Object.fromEntries(
      services.map((name) => [name, port(PORT_VARIABLES[name], SERVICE_PORTS[name])]),
    ) as Record<ServicePort, number>,
    externalBrokers: env.KAFKA_BROKERS || undefined,
    externalDatabaseUrl: env.DATABASE_URL || undefined,
    isWeatherSimulated: env.EV_WEATHER_SIM === 'true' || (asked.hasWeatherKey !== true && !env.OPENWEATHER_URL),
    points: Array.from({ length: asked.points }, (_, index) => pointPlan(index, port)),
    drivers: Array.from({ length: asked.drivers }, (_, index) => {
      const clientId = driverId(index);
      return { clientId, zone: zoneOf(index), port: port(`${clientId}_PORT`, driverPort(index)) };
    }),
  };
}

function pointPlan(index: number, port: (variable: string, usual: number) => number): PointPlan {
  const usual = pointPorts(index);
  const cpId = pointId(index);
  const ports = {
    monitor: port(`${cpId}_MONITOR_PORT`, usual.monitor),
    page: port(`${cpId}_PAGE_PORT`, usual.page),
    engineApi: port(`${cpId}_ENGINE_API_PORT`, usual.engineApi),
    monitorApi: port(`${cpId}_MONITOR_API_PORT`, usual.monitorApi),
  };
  return { cpId, zone: zoneOf(index), ports };
}

function zoneOf(index: number): string {
  return ZONES[index % ZONES.length] ?? ZONES[0];
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

/** Every port that the network will listen on, PostgreSQL's apart (which looks for a free one by itself). */
export function wantedPorts(plan: NetworkPlan): WantedPort[] {
  const kafka: ServicePort[] = plan.externalBrokers === undefined ? ['kafka', 'kafkaController'] : [];
  const services: ServicePort[] = [...kafka, 'centralSockets', 'centralApi', 'panel', 'registry', 'weather'];
  if (plan.isWeatherSimulated) services.push('weatherSim');
  const owners: Partial<Record<ServicePort, string>> = {
    ...{ kafka: 'kafka', kafkaController: 'kafka', centralSockets: 'central', centralApi: 'central' },
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
export function networkFiles(plan: NetworkPlan) {
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
    weatherSimData: join(varFolder, 'weather-sim'),
    pointsEnrolToken: join(secrets, 'points-enrol.token'),
    pairingToken: (cpId: string) => join(secrets, `pairing-${cpId}.token`),
    enrolmentToken: (cpId: string) => join(secrets, `enrolment-${cpId}.token`),
    pointData: (cpId: string) => join(varFolder, 'points', cpId),
    driverData: (clientId: string) => join(varFolder, 'drivers', clientId),
  };
}

/** The files and folders of one network. */
export type NetworkFiles = ReturnType<typeof networkFiles>;
