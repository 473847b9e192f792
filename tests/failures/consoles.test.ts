import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../src/io/clock.ts';
import type { ConsoleLanguage } from '../../src/io/console/language.ts';
import type { MenuOption } from '../../src/io/console/menu.ts';
import { MessageTrace } from '../../src/io/console/message-trace.ts';
import { type OwnApi, ownApi } from '../../src/io/console/own-api.ts';
import { openTerminal, type Terminal } from '../../src/io/console/terminal.ts';
import { createHttpServer, type HttpApp } from '../../src/io/http/server.ts';
import { createLog } from '../../src/io/log.ts';
import { centralToDriverExamples } from '../../src/messages/examples.ts';
import type { Batches } from '../../src/processes/driver/batches/batch-runner.ts';
import type { CentralLink, FromCentral } from '../../src/processes/driver/central-link.ts';
import { attachDriverConsole, driverOptions, entryOptions } from '../../src/processes/driver/console.ts';
import type { Points } from '../../src/processes/driver/points.ts';
import { addBatchRoutes } from '../../src/processes/driver/routes/batches.ts';
import { addLoginRoutes } from '../../src/processes/driver/routes/login.ts';
import { addSupplyRoutes } from '../../src/processes/driver/routes/supplies.ts';
import { addTicketRoutes } from '../../src/processes/driver/routes/tickets.ts';
import { createUsers, type Users } from '../../src/processes/driver/users.ts';
import { startEngineApi } from '../../src/processes/engine/api.ts';
import { attachEngineConsole, engineOptions } from '../../src/processes/engine/console.ts';
import type { Engine } from '../../src/processes/engine/engine-parts.ts';
import { startMonitorApi } from '../../src/processes/monitor/api.ts';
import { attachMonitorConsole, monitorOptions } from '../../src/processes/monitor/console.ts';
import type { Monitor } from '../../src/processes/monitor/monitor.ts';
import { PointWorld } from '../../src/testing/point-world.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const log = createLog('test', { level: 'silent' });
const opened: { stop(): void | Promise<void> }[] = [];
const kept = <Part extends { stop(): void | Promise<void> }>(part: Part): Part => {
  opened.push(part);
  return part;
};
afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await part.stop();
});
const clock = systemClock;

/** A person's keyboard and screen. */
class Screen {
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: (is: boolean) => is });
  text = '';
  readonly streams = { stdin: this.stdin, stdout: { write: (text: string) => (this.text += text) } };

  type(keys: string): void {
    this.stdin.write(keys);
  }

  async shows(words: RegExp): Promise<void> {
    await until(`the screen shows ${words}`, () => words.test(this.text)).catch((error: Error) => {
      throw new Error(`${error.message}; it shows:\n${this.text}`);
    });
  }
}

/** Runs every option; fails if one asks for something that the API does not have, or does nothing by the API at all. */
async function assertAllAreOnTheApi(
  optionsIn: (language: ConsoleLanguage) => readonly MenuOption[],
  api: OwnApi,
): Promise<void> {
  const spanish = optionsIn('es');
  const keys = (options: readonly MenuOption[]) => options.map(({ key }) => key);
  assert.deepEqual(keys(spanish), keys(optionsIn('en')), 'the same keys in both languages');
  for (const [index, { label, run }] of optionsIn('en').entries()) {
    assert.notEqual(label, spanish[index]?.label, 'each language has its own words');
    const asked: string[] = [];
    const spied: OwnApi = {
      async send(method, path, body) {
        asked.push(`${method} ${path}`);
        const answer = await api.send(method, path, body);
        const code = (answer.body as { code?: string } | undefined)?.code;
        assert.ok(code !== 'NOT_FOUND' && answer.status !== 405, `${label}: there is no ${method} ${path}`);
        return answer;
      },
    };
    const answers: Record<string, string> = { 'file with': new URL(import.meta.url).pathname, 'its secret': 'yes' };
    const terminal = {
      ask: async (question: string) =>
        Object.entries(answers).find(([start]) => question.startsWith(start))?.[1] ?? 'ANA01',
    } as unknown as Terminal;
    await run({ api: spied, terminal, language: 'en' });
    assert.ok(asked.length > 0, `${label} does not use the API`);
  }
}

it('F-66: without a terminal nothing is read and nothing is printed', () => {
  const stdin = new PassThrough();
  const stdout = { write: () => assert.fail('it printed') };
  assert.equal(
    openTerminal(() => undefined, { stdin, stdout }),
    undefined,
  );
  assert.equal(stdin.listenerCount('data'), 0);
});

describe('the consoles of a charging point', () => {
  let world: PointWorld;
  let monitor: Monitor;
  let engine: Engine;
  let screen: Screen;
  let quits = 0;
  const quit = () => {
    quits += 1;
  };
  const parts = (language: ConsoleLanguage = 'en') => ({
    ...{ trace: new MessageTrace(), log, onQuit: quit, streams: screen.streams, language },
  });
  beforeEach(async () => {
    screen = new Screen();
    world = await PointWorld.create();
    world.isGreeting = true;
    await world.startCentral();
    monitor = world.startMonitor();
    engine = await world.startEngine();
    await until('ready', () => engine.view().startBlockedBy === undefined);
  });
  afterEach(() => world.close());

  it('R1-24, R1-26: keys at the engine answer KO, ask for a supply, and say why not; every option is on the API (F-66)', async () => {
    const { api } = kept(await startEngineApi({ engine, port: 0, clock, log }));
    kept(attachEngineConsole(api, parts()));
    screen.type('\r');
    await screen.shows(/K {2}answer KO/);
    screen.type('p');
    await screen.shows(/refused: NOT_AUTHORISED/);
    // On a busy machine the engine may miss its Monitor for a moment.
    let asked = 0;
    await untilAsked('a supply is asked for', () => {
      const answered = screen.text.match(/asked Central|refused: (?!NOT_AUTHORISED)/g)?.length ?? 0;
      // While an option runs, no other key is taken.
      if (answered < asked) return false;
      if (world.channel.count('supply-requested') > 0) return true;
      screen.type('a');
      asked += 1;
      return false;
    });
    await screen.shows(/asked Central/);
    screen.type('k');
    await screen.shows(/health answers KO/);
    await until('the Monitor sees it', () => !monitor.view().engine.isOk);
    screen.type('k');
    await screen.shows(/health answers OK/);
    screen.type('i');
    await screen.shows(/CP001: .*health OK/);
    screen.type('q');
    await until('quit', () => quits === 1);
    await assertAllAreOnTheApi(engineOptions, api);
  });

  it('R2-24, R2-40, S-MON-08: the Monitor registers, asks for a new key, shows its messages without secrets; all on the API', async () => {
    const { api } = kept(await startMonitorApi({ monitor, port: 0, clock, log }));
    kept(attachMonitorConsole(api, parts()));
    const before = monitor.view().key.keyId;
    screen.type('k');
    await screen.shows(/asked Central/);
    await until('a new key', () => monitor.view().key.keyId !== before && monitor.view().key.isInstalled);
    screen.type('r');
    await screen.shows(/enrolment token: /);
    screen.type('another-secret-tokem\u007fn\r');
    await screen.shows(/registered|refused: [A-Z_]+/);
    assert.doesNotMatch(screen.text, /another-secret/);
    screen.type('i');
    await screen.shows(/CP001: .*registered[\s\S]*engine: OK/);
    await assertAllAreOnTheApi(monitorOptions, api);
  });
});

describe('consoles in Spanish', () => {
  it('D-01: a console speaks the language of the terminal; refusals have the words of the pages', async () => {
    const screen = new Screen();
    const world = await PointWorld.create();
    kept({ stop: () => world.close() });
    await world.startCentral();
    world.startMonitor();
    const engine = await world.startEngine();
    const { api } = kept(await startEngineApi({ engine, port: 0, clock, log }));
    const { streams } = screen;
    kept(
      attachEngineConsole(api, { trace: new MessageTrace(), log, onQuit: () => undefined, streams, language: 'es' }),
    );
    screen.type('\r');
    await screen.shows(/P {2}enchufar/);
    screen.type('p');
    await screen.shows(/rechazado: NOT_AUTHORISED/);
    screen.type('i');
    await screen.shows(/salud OK, bloqueos: /);
    screen.type('m');
    await screen.shows(/se muestran los mensajes/);
  });
});

describe('the console of the drivers', () => {
  const token = 'a'.repeat(43);
  const state = { driverId: 'ANA01', balanceCents: 0, interruptedSupplies: [], unreadTickets: [], history: [] };
  const sent: { type: string; body: Record<string, unknown> }[] = [];
  let users: Users;
  let app: HttpApp;
  let screen: Screen;
  const answerTo = (type: string, body: Record<string, unknown>): unknown => {
    if (type === 'login' && body.password !== 'right password')
      return { type: 'login-refused', body: { code: 'BAD_CREDENTIALS' } };
    if (type === 'login')
      return { type: 'login-accepted', body: { sessionToken: token, expiresAtMs: Date.now() + 60_000, state } };
    if (type === 'register-driver') return { type: 'driver-registered', body: { driverId: 'ANA01' } };
    if (type === 'history-wanted')
      return { type: 'history-answered', body: { driverId: 'ANA01', tickets: [], hasMore: false } };
    return { type: 'session-refused', body: { code: 'SESSION_EXPIRED' } };
  };
  beforeEach(async () => {
    sent.length = 0;
    screen = new Screen();
    users = createUsers({
      clock,
      upstream: () => ({ isCentralReachable: true }),
      dataAtMs: () => 0,
      onAdmitted: () => undefined,
    });
    const note = (type: string, body: Record<string, unknown>) => void sent.push({ type, body });
    const link = {
      ask: async (type: string, body: Record<string, unknown>) => answerTo(type, body) as FromCentral,
      request: async (type: string, body: Record<string, unknown>) => note(type, body),
      tell: async (type: string, body: Record<string, unknown>) => note(type, body),
    } as unknown as CentralLink;
    const batches = { start: () => 'BATCH_EMPTY', ofDriver: () => [], order: () => undefined } as unknown as Batches;
    const points = { all: () => [] } as unknown as Points;
    const routeParts = {
      users,
      link,
      cookieName: 'c',
      hasTls: false,
      points,
      log,
      clock,
      isCentralReachable: () => true,
    };
    app = await createHttpServer({ name: 'test', log });
    addLoginRoutes(app, routeParts);
    addSupplyRoutes(app, routeParts);
    addTicketRoutes(app, routeParts);
    addBatchRoutes(app, { ...routeParts, batches });
  });
  afterEach(async () => {
    users.stop();
    await app.close();
  });

  it('S-DRV-01: asks for the user id and the password, then charges, stops and tells how it stands', async () => {
    kept(attachDriverConsole(ownApi(app), { log, onQuit: () => undefined, streams: screen.streams, language: 'en' }));
    screen.type('ana01\r');
    await screen.shows(/password: /);
    screen.type('wrong password\r');
    await screen.shows(/no such user, or another password[\s\S]*L {2}log in/);
    screen.type('l');
    await screen.shows(/user id: .*user id: /s);
    screen.type('ana01\r');
    await screen.shows(/password: .*password: /s);
    screen.type('right password\r');
    await screen.shows(/welcome, ANA01/);
    assert.doesNotMatch(screen.text, /right password/);
    await until('the menu of a user', () => {
      screen.type('\r');
      return /R {2}request a charge/.test(screen.text);
    });
    screen.type('r');
    await screen.shows(/charging point: /);
    screen.type('cp001\r');
    await screen.shows(/asked for: CP001/);
    assert.equal(sent.find(({ type }) => type === 'supply-requested')?.body.cpId, 'CP001');
    const supply = { ...centralToDriverExamples['supply-updated'].supply, state: 'CHARGING' as const, energyWh: 1_234 };
    const user = users.byDriver('ANA01');
    assert.ok(user);
    user.me = { ...user.me, pendingRequest: undefined, openSupply: supply };
    await screen.shows(/CHARGING, 1234 Wh/);
    screen.type('s');
    await screen.shows(/asked to stop/);
    assert.equal(sent.at(-1)?.body.supplyId, supply.supplyId);
  });

  it('F-66: every option of it is also on the API', async () => {
    const api = ownApi(app);
    await assertAllAreOnTheApi(entryOptions, api);
    assert.equal((await api.send('POST', '/api/login', { driverId: 'ANA01', password: 'right password' })).status, 200);
    await assertAllAreOnTheApi((language) => driverOptions(language).filter(({ key }) => key !== 'x'), api);
  });
});
