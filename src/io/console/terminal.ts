import { emitKeypressEvents, type Key } from 'node:readline';

/** The keyboard and screen that a person has before them. */
export type Terminal = {
  say(line: string): void;
  /** Each key that no question takes: its name (`k`, `return`). */
  onKey(listener: (key: string) => void): void;
  /** Asks for one line; undefined when it is given up (Escape). A secret is not shown. */
  ask(question: string, options?: { isSecret?: boolean }): Promise<string | undefined>;
  stop(): void;
};

/** What `openTerminal` needs of stdin and stdout; tests bring their own. */
export type TerminalStreams = {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  stdout: { write(text: string): unknown };
};

/** Beside a console only what is wrong is logged (S-AUD-06), unless EV_LOG_LEVEL says otherwise. */
export function consoleLogLevel(): string | undefined {
  return process.stdin.isTTY && !process.env.EV_LOG_LEVEL ? 'warn' : undefined;
}

type Question = { typed: string; isSecret: boolean; settle(answer: string | undefined): void };

const MAX_LINE = 500;

/**
 * Opens the terminal, key by key; undefined if stdin is none, as in a container or behind a pipe: then nothing is read
 * and nothing is printed (F-66). `onInterrupt` is Ctrl-C or Ctrl-D.
 */
export function openTerminal(
  onInterrupt: () => void,
  { stdin, stdout }: TerminalStreams = process,
): Terminal | undefined {
  if (!stdin.isTTY || !stdin.setRawMode) return undefined;
  let question: Question | undefined;
  let listener: (key: string) => void = () => undefined;
  const say = (line: string) => void stdout.write(`${line.replaceAll('\n', '\r\n')}\r\n`);
  const answer = (text: string | undefined) => {
    const asked = question;
    question = undefined;
    stdout.write('\r\n');
    asked?.settle(text);
  };
  const type = (asked: Question, text: string | undefined, key: Key): void => {
    if (key.name === 'return' || key.name === 'enter') answer(asked.typed.trim());
    else if (key.name === 'escape') answer(undefined);
    else if (key.name === 'backspace') {
      if (asked.typed !== '') stdout.write('\b \b');
      asked.typed = asked.typed.slice(0, -1);
    } else if (text && text >= ' ' && !key.ctrl && !key.meta && asked.typed.length + text.length <= MAX_LINE) {
      asked.typed += text;
      stdout.write(asked.isSecret ? '*'.repeat(text.length) : text);
    }
  };
  const onKey = (text: string | undefined, key: Key): void => {
    if (key.ctrl && (key.name === 'c' || key.name === 'd')) onInterrupt();
    else if (question) type(question, text, key);
    else listener(key.name ?? text ?? '');
  };
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', onKey);
  stdin.resume();
  return {
    say,
    onKey(tell) {
      listener = tell;
    },
    ask(text, { isSecret = false } = {}) {
      stdout.write(`${text}: `);
      return new Promise((settle) => {
        question = { typed: '', isSecret, settle };
      });
    },
    stop() {
      stdin.off('keypress', onKey);
      stdin.setRawMode?.(false);
      stdin.pause();
      question?.settle(undefined);
    },
  };
}
