import type { ConsoleLanguage } from '../../io/console/language.ts';
import { type MenuHands, type MenuOption, order, toldOf } from '../../io/console/menu.ts';
import type { OwnApi } from '../../io/console/own-api.ts';
import { attachPointConsole, type PointConsoleParts } from '../../io/console/point-console.ts';
import { CONSOLE_WORDS } from '../../io/console/words.ts';
import type { MonitorView } from '../../messages/live-stream.ts';
import { MONITOR_WORDS } from './console-words.ts';

/** The options of the Monitor's console (R2-24, R2-40): each is a request of its own API. */
export function monitorOptions(language: ConsoleLanguage): MenuOption[] {
  const words = MONITOR_WORDS[language];
  const { givenUp } = CONSOLE_WORDS[language];
  const authenticate = (hands: MenuHands, intent: 'CONNECT' | 'NEW_KEY' | 'TAKE_OVER') =>
    order(hands, '/api/authenticate', { body: { intent }, success: words.asked });
  return [
    {
      key: 'r',
      label: words.register,
      run: async (hands) => {
        const token = await hands.terminal.ask(words.token, { isSecret: true });
        if (!token) return givenUp;
        return order(hands, '/api/register', { body: { token }, success: words.registered });
      },
    },
    {
      key: 'u',
      label: words.unregister,
      run: async (hands) => {
        const sure = await hands.terminal.ask(words.sure);
        if (sure?.toLowerCase() !== words.sureWord) return givenUp;
        return order(hands, '/api/unregister', { body: {}, success: words.unregistered });
      },
    },
    { key: 'k', label: words.newKey, run: (hands) => authenticate(hands, 'NEW_KEY') },
    { key: 'c', label: words.connect, run: (hands) => authenticate(hands, 'CONNECT') },
    { key: 't', label: words.takeOver, run: (hands) => authenticate(hands, 'TAKE_OVER') },
    {
      key: 'i',
      label: words.state,
      run: async ({ api }) => {
        const answer = await api.send('GET', '/api/state');
        return toldOf(answer, monitorLines(answer.body as MonitorView, language).join('\n'), language);
      },
    },
  ];
}

function monitorLines(view: MonitorView, language: ConsoleLanguage): string[] {
  const words = MONITOR_WORDS[language];
  const { none } = CONSOLE_WORDS[language];
  const { central, engine, key } = view;
  const where = central.address ?? words.noAddress;
  const last = view.log.slice(-5).map(({ atMs, code, params }) => {
    const details = Object.values(params).join(' ');
    return `  ${new Date(atMs).toISOString().slice(11, 19)} ${code} ${details}`.trimEnd();
  });
  const health = engine.isOk ? 'OK' : `KO ${engine.code ?? ''}`.trimEnd();
  const ofKey = key.isRevoked ? words.revoked : key.isInstalled ? `${words.installed} ${key.keyId ?? ''}` : none;
  return [
    `${view.cpId}: ${view.state}, ${view.isRegistered ? words.registered : words.notRegistered}, ${words.holds}: ${view.holds.join(' ') || none}`,
    `Central: ${central.isConnected ? `${words.connected} (${where})` : `${words.notConnected} ${central.refusal ?? ''}`.trimEnd()}`,
    `${words.engine}: ${engine.isPaired ? health : words.notThere}, ${engine.isChannelUp ? words.channelUp : words.channelDown}`,
    `${words.key}: ${ofKey}`,
    ...last,
  ];
}

/** The console, if a person's terminal is attached; silent otherwise (F-66). */
export function attachMonitorConsole(api: OwnApi, parts: PointConsoleParts): { stop(): void } {
  return attachPointConsole(api, parts, { title: 'Monitor', options: monitorOptions });
}
