import { type ConsoleLanguage, consoleLanguage } from '../../io/console/language.ts';
import { type MenuHands, type MenuOption, order, runMenu, toldOf } from '../../io/console/menu.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import { openTerminal, type TerminalStreams } from '../../io/console/terminal.ts';
import { CONSOLE_WORDS } from '../../io/console/words.ts';
import type { Log } from '../../io/log.ts';
import type { PointCard, TicketView } from '../../messages/entities.ts';
import type { DriverMe } from '../../messages/live-stream.ts';
import { END_REASON_WORDS, REFUSAL_WORDS } from '../../messages/spoken-codes.ts';
import { batchOptions } from './console-batches.ts';
import { DRIVER_WORDS } from './console-words.ts';

type Me = DriverMe & { tickets: TicketView[] };
const UNKNOWN = 401;

/** Asks for the user id, then for the password (S-DRV-01); whether an id exists is told to nobody who has not its password. */
async function logIn({ api, terminal, language }: MenuHands): Promise<string> {
  const words = DRIVER_WORDS[language];
  const driverId = (await terminal.ask(words.userId))?.toUpperCase();
  if (!driverId) return words.givenUpEntry;
  const password = await terminal.ask(words.password, { isSecret: true });
  if (!password) return CONSOLE_WORDS[language].givenUp;
  const answer = await api.send('POST', '/api/login', { driverId, password });
  if (answer.status === UNKNOWN) return words.noSuchUser;
  return toldOf(answer, `${words.welcome}, ${driverId}; ${words.enterShowsMenu}`, language);
}

async function signUp({ api, terminal, language }: MenuHands): Promise<string> {
  const words = DRIVER_WORDS[language];
  const driverId = (await terminal.ask(words.newUserId))?.toUpperCase();
  const name = driverId && (await terminal.ask(words.name));
  const password = name && (await terminal.ask(words.newPassword, { isSecret: true }));
  if (!driverId || !name || !password) return CONSOLE_WORDS[language].givenUp;
  const answer = await api.send('POST', '/api/register', { driverId, name, password });
  if (answer.status >= 300) return toldOf(answer, '', language);
  const entered = await api.send('POST', '/api/login', { driverId, password });
  return toldOf(entered, `${words.welcome}, ${driverId}`, language);
}

async function meOf(api: OwnApi): Promise<Me | undefined> {
  const answer = await api.send('GET', '/api/me/state');
  return answer.status < 300 ? (answer.body as Me) : undefined;
}

const euros = (cents: number) => `${(cents / 100).toFixed(2)} EUR`;

function ticketLine({ ticketNumber, cpId, energyWh, amountCents, endReason }: TicketView, language: ConsoleLanguage) {
  const end = END_REASON_WORDS[language][endReason];
  return `${ticketNumber}: ${cpId}, ${energyWh} Wh, ${euros(amountCents)}, ${end}`;
}

/** What a person wants to know of their own, one line each. */
function meLines(me: Me, language: ConsoleLanguage): string[] {
  const { openSupply: supply, pendingRequest, lastRefusal, interruptedSupplies, tickets } = me;
  const words = DRIVER_WORDS[language];
  const newest = tickets.at(-1);
  return [
    ...(pendingRequest ? [`${pendingRequest.cpId}: ${words.waiting}`] : []),
    ...(supply
      ? [`${supply.cpId}: ${supply.state}, ${supply.energyWh} Wh, ${supply.powerW} W, ${euros(supply.amountCents)}`]
      : []),
    ...interruptedSupplies.map((one) => `${one.cpId}: ${words.ticketFollows}`),
    ...(lastRefusal && !supply
      ? [`${CONSOLE_WORDS[language].refused}: ${REFUSAL_WORDS[language][lastRefusal.refusal.code]}`]
      : []),
    ...(newest ? [`${words.ticket} ${ticketLine(newest, language)}`] : []),
  ];
}

function chargeOptions(language: ConsoleLanguage): MenuOption[] {
  const words = DRIVER_WORDS[language];
  return [
    {
      key: 'r',
      label: words.request,
      run: async (hands) => {
        const cpId = (await hands.terminal.ask(words.point))?.toUpperCase();
        if (!cpId) return CONSOLE_WORDS[language].givenUp;
        return order(hands, '/api/supplies', { body: { cpId }, success: `${words.askedFor}: ${cpId}` });
      },
    },
    {
      key: 's',
      label: words.stop,
      run: async (hands) => {
        const supply = (await meOf(hands.api))?.openSupply;
        if (!supply) return words.nothingToStop;
        return order(hands, `/api/supplies/${supply.supplyId}/stop`, { body: {}, success: words.askedToStop });
      },
    },
    {
      key: 'i',
      label: words.myCharge,
      run: async ({ api }) => {
        const answer = await api.send('GET', '/api/me/state');
        if (answer.status >= 300) return toldOf(answer, '', language);
        const me = answer.body as Me;
        return [`${me.driverId}, ${words.balance} ${euros(me.balanceCents)}`, ...meLines(me, language)].join('\n');
      },
    },
  ];
}

function listOptions(language: ConsoleLanguage): MenuOption[] {
  const words = DRIVER_WORDS[language];
  return [
    {
      key: 'p',
      label: words.points,
      run: async ({ api }) => {
        const answer = await api.send('GET', '/api/charging_points');
        const { chargingPoints = [] } = (answer.body ?? {}) as { chargingPoints?: PointCard[] };
        const lines = chargingPoints.map(
          ({ cpId, state, city, address, priceE4PerKwh }) =>
            `${cpId}  ${state}  ${city}, ${address}  ${(priceE4PerKwh / 10_000).toFixed(4)} EUR/kWh`,
        );
        return toldOf(answer, lines.join('\n') || words.noneYet, language);
      },
    },
    {
      key: 't',
      label: words.tickets,
      run: async ({ api }) => {
        const answer = await api.send('GET', '/api/tickets');
        const { tickets = [] } = (answer.body ?? {}) as { tickets?: TicketView[] };
        const lines = tickets.map((one) => ticketLine(one, language));
        return toldOf(answer, lines.join('\n') || words.noneYet, language);
      },
    },
    {
      key: 'g',
      label: words.gotIt,
      run: async (hands) => {
        const ticket = (await meOf(hands.api))?.tickets.findLast((one) => one.readAtMs === undefined);
        if (!ticket) return words.noUnread;
        const path = `/api/tickets/${ticket.ticketNumber}/read`;
        return order(hands, path, { success: `${words.ticket} ${ticket.ticketNumber} ${words.isRead}` });
      },
    },
  ];
}

/** The options of a person who is logged in (S-DRV-01): each is a request of the app's own API. */
export function driverOptions(language: ConsoleLanguage): MenuOption[] {
  const { logOut, bye } = DRIVER_WORDS[language];
  return [
    ...chargeOptions(language),
    ...listOptions(language),
    ...batchOptions(language),
    { key: 'x', label: logOut, run: (hands) => order(hands, '/api/logout', { success: bye }) },
  ];
}

/** The options of a person who is not logged in. */
export function entryOptions(language: ConsoleLanguage): MenuOption[] {
  const words = DRIVER_WORDS[language];
  return [
    { key: 'l', label: words.logIn, run: logIn },
    { key: 'n', label: words.newUser, run: signUp },
  ];
}

const LOOK_EVERY_MS = 1_000;

/** The driver's console, if a person's terminal is attached; silent otherwise (F-66). It begins by asking for the user id. */
export function attachDriverConsole(
  api: OwnApi,
  parts: { log: Log; onQuit(): void; streams?: TerminalStreams; language?: ConsoleLanguage },
): { stop(): void } {
  const { log, onQuit, streams, language = consoleLanguage() } = parts;
  const terminal = openTerminal(onQuit, streams);
  if (!terminal) return { stop: () => undefined };
  let isIn = false;
  let shown = '';
  const quit: MenuOption = { key: 'q', label: CONSOLE_WORDS[language].quit, run: async () => void onQuit() };
  const options = (): MenuOption[] => [...(isIn ? driverOptions(language) : entryOptions(language)), quit];
  const look = async (): Promise<void> => {
    const me = await meOf(api);
    isIn = me !== undefined;
    const lines = me ? meLines(me, language).join('\n') : '';
    if (lines !== shown && lines !== '') terminal.say(lines);
    shown = lines;
  };
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  const hands = { api, terminal, language };
  const menu = runMenu(hands, { title: 'Driver', options, log });
  logIn(hands).then(
    async (line) => {
      terminal.say(line);
      await look();
      menu.show();
    },
    (error: unknown) => log.warn({ err: error }, 'the console could not log in'),
  );
  return {
    stop() {
      clearInterval(looking);
      terminal.stop();
    },
  };
}
