import { type MenuHands, type MenuOption, order, runMenu, toldOf } from '../../io/console/menu.ts';
import type { MessageTrace } from '../../io/console/message-trace.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import { openTerminal, type TerminalStreams } from '../../io/console/terminal.ts';
import type { Log } from '../../io/log.ts';
import type { MonitorView } from '../../messages/live-stream.ts';

const authenticate = (hands: MenuHands, intent: 'CONNECT' | 'NEW_KEY' | 'TAKE_OVER') =>
  order(hands, '/api/authenticate', { body: { intent }, success: 'asked Central; I shows what came of it' });

/** The options of the Monitor's console (R2-24, R2-40): each is a request of its own API. */
export const MONITOR_OPTIONS: readonly MenuOption[] = [
  {
    key: 'r',
    label: 'register with an enrolment token',
    run: async (hands) => {
      const token = await hands.terminal.ask('enrolment token', { isSecret: true });
      if (!token) return 'given up';
      return order(hands, '/api/register', { body: { token }, success: 'registered' });
    },
  },
  {
    key: 'u',
    label: 'give the point up (unregister)',
    run: async (hands) => {
      const sure = await hands.terminal.ask('its secret is lost then; type yes');
      if (sure !== 'yes') return 'given up';
      return order(hands, '/api/unregister', { body: {}, success: 'unregistered' });
    },
  },
  { key: 'k', label: 'authenticate again, new key', run: (hands) => authenticate(hands, 'NEW_KEY') },
  { key: 'c', label: 'connect again', run: (hands) => authenticate(hands, 'CONNECT') },
  { key: 't', label: 'take over from another Monitor', run: (hands) => authenticate(hands, 'TAKE_OVER') },
  {
    key: 'i',
    label: 'how it stands',
    run: async ({ api }) => {
      const answer = await api.send('GET', '/api/state');
      return toldOf(answer, monitorLines(answer.body as MonitorView).join('\n'));
    },
  },
];

function monitorLines(view: MonitorView): string[] {
  const { central, engine, key } = view;
  const where = central.address ?? 'no address yet';
  const last = view.log.slice(-5).map(({ atMs, code, params }) => {
    const details = Object.values(params).join(' ');
    return `  ${new Date(atMs).toISOString().slice(11, 19)} ${code} ${details}`.trimEnd();
  });
  return [
    `${view.cpId}: ${view.state}, ${view.isRegistered ? 'registered' : 'not registered'}, holds ${view.holds.join(' ') || 'none'}`,
    `Central: ${central.isConnected ? `connected (${where})` : `not connected ${central.refusal ?? ''}`.trimEnd()}`,
    `engine: ${engine.isPaired ? (engine.isOk ? 'OK' : `KO ${engine.code ?? ''}`.trimEnd()) : 'not there'}, channel ${engine.isChannelUp ? 'up' : 'down'}`,
    `key: ${key.isRevoked ? 'revoked (K asks for a new one)' : key.isInstalled ? `installed ${key.keyId ?? ''}` : 'none'}`,
    ...last,
  ];
}

/** The console, if a person's terminal is attached; silent otherwise (F-66). */
export function attachMonitorConsole(
  api: OwnApi,
  parts: { trace: MessageTrace; log: Log; onQuit(): void; streams?: TerminalStreams },
): { stop(): void } {
  const { trace, log, onQuit, streams } = parts;
  const terminal = openTerminal(onQuit, streams);
  if (!terminal) return { stop: () => undefined };
  const ofConsole: MenuOption[] = [
    { key: 'm', label: 'messages sent and received', run: async () => trace.toggle((line) => terminal.say(line)) },
    { key: 'q', label: 'quit', run: async () => void onQuit() },
  ];
  const options = [...MONITOR_OPTIONS, ...ofConsole];
  runMenu({ api, terminal }, { title: 'Monitor', options: () => options, log }).show();
  return { stop: () => terminal.stop() };
}
