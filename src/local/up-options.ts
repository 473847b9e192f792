import { readCommandLine, wholeNumber } from '../io/command-line.ts';

/** What `ev up` was asked for. `isBehind`: it is the background half of `--detach`. */
export type UpOptions = {
  points: number;
  drivers: number;
  isDetached: boolean;
  isBehind: boolean;
  /** Open the pages in a browser and the logs in a terminal, where there is a desktop. */
  isOpened: boolean;
};

const USAGE = `./run_all.sh [--cps N] [--drivers N] [--detach] [--open]      (also: ev up)

Starts the whole network on this computer, each part as a process of its own, and keeps running with one log.
  --cps N       charging points, 1 to 49 (3)
  --drivers N   driver apps, 1 to 49 (1)
  --detach      come back when all is ready; stop it with ./stop_all.sh
  --open        open the pages in a browser and the logs in a terminal, if there is a desktop
Every port has a variable (PANEL_PORT, CENTRAL_API_PORT, CP001_PAGE_PORT ...); EV_PORT_OFFSET moves them all.
OpenWeather is asked if a key is found (OPENWEATHER_API_KEY, api_key.txt, .env), else a stand-in; EV_WEATHER_SIM=true always takes that.
KAFKA_BROKERS, KAFKA_HOME and DATABASE_URL use what already exists; EV_VAR_DIR keeps the data elsewhere.
EV_KAFKA_SECURED=true gives Kafka TLS, users and rights on loopback too (it has them as soon as EV_HOST is another address).`;

const MOST = 49;

/** Reads the arguments; undefined: the usage was printed, or the sentence that refuses one of them. */
export function upOptions(args: string[]): UpOptions | undefined {
  return readCommandLine(args, {
    usage: USAGE,
    options: {
      cps: { type: 'string', default: '3' },
      drivers: { type: 'string', default: '1' },
      detach: { type: 'boolean' },
      behind: { type: 'boolean' },
      open: { type: 'boolean' },
    },
    read: ({ values }) => ({
      points: wholeNumber(values.cps, { name: '--cps', min: 1, max: MOST }),
      drivers: wholeNumber(values.drivers, { name: '--drivers', min: 1, max: MOST }),
      isDetached: values.detach === true,
      isBehind: values.behind === true,
      isOpened: values.open === true,
    }),
  });
}
