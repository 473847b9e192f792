import { type MenuOption, order, runMenu, toldOf } from '../../io/console/menu.ts';
import type { MessageTrace } from '../../io/console/message-trace.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import { openTerminal, type TerminalStreams } from '../../io/console/terminal.ts';
import type { Log } from '../../io/log.ts';
import type { EngineView } from '../../messages/live-stream.ts';

/** The options of the point's console (R1-24, R1-26, S-MON-08): each is a request of the engine's own API. */
export const ENGINE_OPTIONS: readonly MenuOption[] = [
  {
    key: 'k',
    label: 'answer KO, or OK again',
    run: async (hands) => {
      const isFaulted = !(await viewOf(hands.api)).isFaulted;
      return order(hands, '/api/fault', { body: { isFaulted }, success: `health answers ${isFaulted ? 'KO' : 'OK'}` });
    },
  },
  {
    key: 'a',
    label: 'ask for a supply here',
    run: (hands) => order(hands, '/api/start', { success: 'asked Central' }),
  },
  { key: 'p', label: 'plug in', run: (hands) => order(hands, '/api/plug', { success: 'plugged in' }) },
  { key: 'u', label: 'unplug', run: (hands) => order(hands, '/api/unplug', { success: 'unplugged' }) },
  { key: 's', label: 'stop the supply', run: (hands) => order(hands, '/api/stop', { success: 'stopped' }) },
  { key: 'c', label: 'cancel the request', run: (hands) => order(hands, '/api/cancel', { success: 'cancelled' }) },
  {
    key: 'o',
    label: 'out of service, or back',
    run: async (hands) => {
      const isHeld = !(await viewOf(hands.api)).isLocalHold;
      const success = isHeld ? 'out of service' : 'in service';
      return order(hands, '/api/out-of-service', { body: { isHeld }, success });
    },
  },
  {
    key: 'i',
    label: 'how it stands',
    run: async ({ api }) => {
      const answer = await api.send('GET', '/api/state');
      return toldOf(answer, engineLines(answer.body as EngineView).join('\n'));
    },
  },
];

async function viewOf(api: OwnApi): Promise<EngineView> {
  return (await api.send('GET', '/api/state')).body as EngineView;
}

function engineLines(view: EngineView): string[] {
  const { cpId = 'not known yet', phase, supply, lastTicket, lastRefusal } = view;
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  return [
    `${cpId}: ${phase}, health ${view.isFaulted ? `KO ${view.faultCode ?? ''}`.trim() : 'OK'}, holds ${view.holds.join(' ') || 'none'}`,
    `Monitor ${yes(view.isMonitorPresent)}, Central ${yes(view.isCentralReachable)}, channel ${yes(view.isChannelUp)}, key ${yes(view.hasKey)}`,
    ...(supply
      ? [
          `supply of ${supply.driverId ?? 'ANON'}: ${supply.energyWh} Wh, ${supply.powerW} W, ${euros(supply.amountCents)}`,
        ]
      : []),
    ...(lastTicket
      ? [
          `last ticket ${lastTicket.ticketNumber ?? '(awaited)'}: ${lastTicket.energyWh} Wh, ${euros(lastTicket.amountCents)}, ${lastTicket.endReason}`,
        ]
      : []),
    ...(lastRefusal ? [`last refusal: ${lastRefusal.refusal.code}`] : []),
    ...(view.startBlockedBy ? [`a start is not possible now: ${view.startBlockedBy}`] : []),
  ];
}

function euros(amountCents: number): string {
  return `${(amountCents / 100).toFixed(2)} EUR`;
}

/** The console, if a person's terminal is attached; silent otherwise (F-66). */
export function attachEngineConsole(
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
  const options = [...ENGINE_OPTIONS, ...ofConsole];
  runMenu({ api, terminal }, { title: 'Engine', options: () => options, log }).show();
  return { stop: () => terminal.stop() };
}
