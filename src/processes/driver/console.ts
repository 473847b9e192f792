import { type MenuHands, type MenuOption, order, runMenu, toldOf } from '../../io/console/menu.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import { openTerminal, type TerminalStreams } from '../../io/console/terminal.ts';
import type { Log } from '../../io/log.ts';
import type { PointCard, TicketView } from '../../messages/entities.ts';
import type { DriverMe } from '../../messages/live-stream.ts';
import { batchOptions } from './console-batches.ts';

type Me = DriverMe & { tickets: TicketView[] };
const UNKNOWN = 401;

/** Asks for the user id, then for the password (S-DRV-01); whether an id exists is told to nobody who has not its password. */
async function logIn({ api, terminal }: MenuHands): Promise<string> {
  const driverId = (await terminal.ask('user id'))?.toUpperCase();
  if (!driverId) return 'given up; L logs in, N is for a new user';
  const password = await terminal.ask('password', { isSecret: true });
  if (!password) return 'given up';
  const answer = await api.send('POST', '/api/login', { driverId, password });
  if (answer.status === UNKNOWN) return 'no such user, or another password; N is for a new user';
  return toldOf(answer, `welcome, ${driverId}; Enter shows the menu`);
}

async function signUp({ api, terminal }: MenuHands): Promise<string> {
  const driverId = (await terminal.ask('new user id (like ANA01)'))?.toUpperCase();
  const name = driverId && (await terminal.ask('name'));
  const password = name && (await terminal.ask('password (at least 8 characters)', { isSecret: true }));
  if (!driverId || !name || !password) return 'given up';
  const answer = await api.send('POST', '/api/register', { driverId, name, password });
  if (answer.status >= 300) return toldOf(answer, '');
  return toldOf(await api.send('POST', '/api/login', { driverId, password }), `welcome, ${driverId}`);
}

async function meOf(api: OwnApi): Promise<Me | undefined> {
  const answer = await api.send('GET', '/api/me/state');
  return answer.status < 300 ? (answer.body as Me) : undefined;
}

const euros = (cents: number) => `${(cents / 100).toFixed(2)} EUR`;

/** What a person wants to know of their own, one line each. */
export function meLines(me: Me): string[] {
  const { openSupply: supply, pendingRequest, lastRefusal, interruptedSupplies, tickets } = me;
  const newest = tickets.at(-1);
  return [
    ...(pendingRequest ? [`${pendingRequest.cpId}: asked, no answer yet`] : []),
    ...(supply
      ? [`${supply.cpId}: ${supply.state}, ${supply.energyWh} Wh, ${supply.powerW} W, ${euros(supply.amountCents)}`]
      : []),
    ...interruptedSupplies.map((one) => `${one.cpId}: INTERRUPTED, its ticket follows`),
    ...(lastRefusal && !supply ? [`refused: ${lastRefusal.refusal.code}`] : []),
    ...(newest
      ? [
          `ticket ${newest.ticketNumber}: ${newest.cpId}, ${newest.energyWh} Wh, ${euros(newest.amountCents)}, ${newest.endReason}`,
        ]
      : []),
  ];
}

const request: MenuOption = {
  key: 'r',
  label: 'request a charge',
  run: async (hands) => {
    const cpId = (await hands.terminal.ask('charging point'))?.toUpperCase();
    if (!cpId) return 'given up';
    return order(hands, '/api/supplies', { body: { cpId }, success: `asked for ${cpId}` });
  },
};

const stop: MenuOption = {
  key: 's',
  label: 'stop the charge',
  run: async (hands) => {
    const supply = (await meOf(hands.api))?.openSupply;
    if (!supply) return 'there is no charge to stop';
    return order(hands, `/api/supplies/${supply.supplyId}/stop`, { body: {}, success: 'asked to stop' });
  },
};

/** The options of a person who is logged in (S-DRV-01): each is a request of the app's own API. */
export const DRIVER_OPTIONS: readonly MenuOption[] = [
  request,
  stop,
  {
    key: 'i',
    label: 'my charge',
    run: async ({ api }) => {
      const answer = await api.send('GET', '/api/me/state');
      if (answer.status >= 300) return toldOf(answer, '');
      const me = answer.body as Me;
      return [`${me.driverId}, balance ${euros(me.balanceCents)}`, ...meLines(me)].join('\n');
    },
  },
  {
    key: 'p',
    label: 'charging points',
    run: async ({ api }) => {
      const answer = await api.send('GET', '/api/charging_points');
      const { chargingPoints = [] } = (answer.body ?? {}) as { chargingPoints?: PointCard[] };
      const lines = chargingPoints.map(
        (one) =>
          `${one.cpId}  ${one.state}  ${one.city}, ${one.address}  ${(one.priceE4PerKwh / 10_000).toFixed(4)} EUR/kWh`,
      );
      return toldOf(answer, lines.join('\n') || 'none yet');
    },
  },
  {
    key: 't',
    label: 'my tickets',
    run: async ({ api }) => {
      const answer = await api.send('GET', '/api/tickets');
      const { tickets = [] } = (answer.body ?? {}) as { tickets?: TicketView[] };
      const lines = tickets.map(
        (one) => `${one.ticketNumber}  ${one.cpId}  ${one.energyWh} Wh  ${euros(one.amountCents)}  ${one.endReason}`,
      );
      return toldOf(answer, lines.join('\n') || 'none yet');
    },
  },
  {
    key: 'g',
    label: 'got it: the newest ticket is read',
    run: async (hands) => {
      const ticket = (await meOf(hands.api))?.tickets.findLast((one) => one.readAtMs === undefined);
      if (!ticket) return 'there is no unread ticket';
      const path = `/api/tickets/${ticket.ticketNumber}/read`;
      return order(hands, path, { success: `ticket ${ticket.ticketNumber} is read` });
    },
  },
  ...batchOptions,
];

/** The options of a person who is not logged in. */
export const ENTRY_OPTIONS: readonly MenuOption[] = [
  { key: 'l', label: 'log in', run: logIn },
  { key: 'n', label: 'new user', run: signUp },
];

const LOOK_EVERY_MS = 1_000;

/** The driver's console, if a person's terminal is attached; silent otherwise (F-66). It begins by asking for the user id. */
export function attachDriverConsole(
  api: OwnApi,
  parts: { log: Log; onQuit(): void; streams?: TerminalStreams },
): { stop(): void } {
  const { log, onQuit, streams } = parts;
  const terminal = openTerminal(onQuit, streams);
  if (!terminal) return { stop: () => undefined };
  let isIn = false;
  let shown = '';
  const options = (): MenuOption[] => [
    ...(isIn ? DRIVER_OPTIONS : ENTRY_OPTIONS),
    ...(isIn
      ? [{ key: 'x', label: 'log out', run: (hands: MenuHands) => order(hands, '/api/logout', { success: 'bye' }) }]
      : []),
    { key: 'q', label: 'quit', run: async () => void onQuit() },
  ];
  const look = async (): Promise<void> => {
    const me = await meOf(api);
    isIn = me !== undefined;
    const lines = me ? meLines(me).join('\n') : '';
    if (lines !== shown && lines !== '') terminal.say(lines);
    shown = lines;
  };
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  const hands = { api, terminal };
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
