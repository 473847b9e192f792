import { emitKeypressEvents, type Key } from 'node:readline';
import { newRandomId } from '../../io/new-id.ts';
import type { Engine } from './engine-parts.ts';

const MENU = `
  K  answer KO / OK (R1-24)      A  ask for a supply here (ANON)
  P  plug in                     U  unplug
  S  stop the supply             C  cancel
  O  out of service / active     I  show the state      Q  quit
`;

/** The point's console (S-MON-08, R1-26): only when a person's terminal is attached, silent otherwise (F-66). */
export function attachTerminal(engine: Engine, onQuit: () => void): { stop(): void } {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) return { stop: () => undefined };
  const say = (text: string) => stdout.write(`${text}\n`);
  const keys = actions(engine, { say, onQuit });
  const onKey = (_text: string | undefined, key: Key) => {
    if (key.ctrl && key.name === 'c') return onQuit();
    if (key.name === 'return') return say(MENU);
    const result = keys[key.name ?? '']?.();
    if (result !== undefined) say(`refused: ${result}`);
  };
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', onKey);
  stdin.resume();
  say('Engine: Enter shows the menu, K answers KO.');
  return {
    stop() {
      stdin.off('keypress', onKey);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

function actions(
  engine: Engine,
  terminal: { say(text: string): void; onQuit(): void },
): Record<string, () => string | undefined> {
  return {
    k: () => {
      engine.setFault(!engine.isFaultSet);
      terminal.say(engine.isFaultSet ? 'health answers KO' : 'health answers OK');
      return undefined;
    },
    a: () => engine.start(newRandomId()),
    p: () => engine.plug(),
    u: () => engine.unplug(),
    s: () => engine.stopSupply(),
    c: () => engine.cancel(),
    o: () => engine.setLocalHold(!engine.view().isLocalHold),
    i: () => {
      const { log: _log, ...shown } = engine.view();
      terminal.say(JSON.stringify(shown, null, 2));
      return undefined;
    },
    q: () => {
      terminal.onQuit();
      return undefined;
    },
  };
}
