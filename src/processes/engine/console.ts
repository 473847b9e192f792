import type { ConsoleLanguage } from '../../io/console/language.ts';
import { type MenuOption, order, toldOf } from '../../io/console/menu.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import { attachPointConsole, type PointConsoleParts } from '../../io/console/point-console.ts';
import { CONSOLE_WORDS } from '../../io/console/words.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import { ENGINE_WORDS } from './console-words.ts';

/** The options of the point's console (R1-24, R1-26, S-MON-08): each is a request of the engine's own API. */
export function engineOptions(language: ConsoleLanguage): MenuOption[] {
  const words = ENGINE_WORDS[language];
  return [
    {
      key: 'k',
      label: words.fault,
      run: async (hands) => {
        const isFaulted = !(await viewOf(hands.api)).isFaulted;
        const success = `${words.answers} ${isFaulted ? 'KO' : 'OK'}`;
        return order(hands, '/api/fault', { body: { isFaulted }, success });
      },
    },
    { key: 'a', label: words.start, run: (hands) => order(hands, '/api/start', { success: words.asked }) },
    { key: 'p', label: words.plug, run: (hands) => order(hands, '/api/plug', { success: words.plugged }) },
    { key: 'u', label: words.unplug, run: (hands) => order(hands, '/api/unplug', { success: words.unplugged }) },
    { key: 's', label: words.stop, run: (hands) => order(hands, '/api/stop', { success: words.stopped }) },
    { key: 'c', label: words.cancel, run: (hands) => order(hands, '/api/cancel', { success: words.cancelled }) },
    {
      key: 'o',
      label: words.switch,
      run: async (hands) => {
        const isHeld = !(await viewOf(hands.api)).isLocalHold;
        const success = isHeld ? words.outOfService : words.inService;
        return order(hands, '/api/out-of-service', { body: { isHeld }, success });
      },
    },
    {
      key: 'i',
      label: words.state,
      run: async ({ api }) => {
        const answer = await api.send('GET', '/api/state');
        return toldOf(answer, engineLines(answer.body as EngineView, language).join('\n'), language);
      },
    },
  ];
}

async function viewOf(api: OwnApi): Promise<EngineView> {
  return (await api.send('GET', '/api/state')).body as EngineView;
}

function engineLines(view: EngineView, language: ConsoleLanguage): string[] {
  const words = ENGINE_WORDS[language];
  const { none, yes, no } = CONSOLE_WORDS[language];
  const { cpId = words.unknownId, phase, supply, lastTicket, lastRefusal } = view;
  const is = (isSo: boolean) => (isSo ? yes : no);
  const health = view.isFaulted ? `KO ${view.faultCode ?? ''}`.trim() : 'OK';
  return [
    `${cpId}: ${phase}, ${words.health} ${health}, ${words.holds}: ${view.holds.join(' ') || none}`,
    `Monitor ${is(view.isMonitorPresent)}, Central ${is(view.isCentralReachable)}, ${words.channel} ${is(view.isChannelUp)}, ${words.key} ${is(view.hasKey)}`,
    ...(supply
      ? [
          `${words.supplyOf} ${supply.driverId ?? 'ANON'}: ${supply.energyWh} Wh, ${supply.powerW} W, ${euros(supply.amountCents)}`,
        ]
      : []),
    ...(lastTicket
      ? [
          `${words.lastTicket} ${lastTicket.ticketNumber ?? words.awaited}: ${lastTicket.energyWh} Wh, ${euros(lastTicket.amountCents)}, ${lastTicket.endReason}`,
        ]
      : []),
    ...(lastRefusal ? [`${words.lastRefusal}: ${lastRefusal.refusal.code}`] : []),
    ...(view.startBlockedBy ? [`${words.blocked}: ${view.startBlockedBy}`] : []),
  ];
}

function euros(amountCents: number): string {
  return `${(amountCents / 100).toFixed(2)} EUR`;
}

/** The console, if a person's terminal is attached; silent otherwise (F-66). */
export function attachEngineConsole(api: OwnApi, parts: PointConsoleParts): { stop(): void } {
  return attachPointConsole(api, parts, { title: 'Engine', options: engineOptions });
}
