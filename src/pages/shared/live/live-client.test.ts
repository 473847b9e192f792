import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClientSocket, createLiveClient, type LiveState, LOGIN_REQUIRED_CLOSE } from './live-client.ts';
import { linkLevel } from './live-link.ts';

type FakeSocket = ClientSocket & { isClosed: boolean };

/** A page without a browser: sockets that the test speaks through, and a clock that it turns. */
function startPage() {
  let nowMs = 0;
  let state: LiveState = {
    feeds: {},
    link: { phase: 'STOPPED', attempt: 0, retryAtMs: 0, startedAtMs: 0 },
    lastFrameAtMs: undefined,
    serverOffsetMs: undefined,
  };
  const timers = new Set<{ atMs: number; run(): void }>();
  const sockets: FakeSocket[] = [];
  const page = {
    sockets,
    loginsAsked: 0,
    get state() {
      return state;
    },
    get level() {
      return linkLevel(state.link, state.lastFrameAtMs, nowMs);
    },
    newest: () => sockets.at(-1)!,
    say(frame: object) {
      page.newest().onmessage?.({ data: JSON.stringify({ feed: 'panel', serverTimeMs: nowMs + 500, ...frame }) });
    },
    hello(seq = 0) {
      page.say({
        type: 'hello',
        seq,
        streamId: 'a',
        dataAtMs: 0,
        upstream: { isCentralReachable: true },
        snapshot: { points: {} },
        readings: [],
      });
    },
    turnClock(byMs: number) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const next = [...timers].sort((a, b) => a.atMs - b.atMs)[0];
        if (!next || next.atMs > untilMs) break;
        nowMs = next.atMs;
        timers.delete(next);
        next.run();
      }
      nowMs = untilMs;
    },
  };
  const client = createLiveClient({
    openSocket() {
      const socket: FakeSocket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        isClosed: false,
        close() {
          socket.isClosed = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
    nowMs: () => nowMs,
    random: () => 0.5,
    setTimer(run, delayMs) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    setState(change) {
      state = { ...state, ...change(state) };
    },
    getState: () => state,
    onLoginRequired: () => {
      page.loginsAsked += 1;
    },
  });
  client.connect('ws://here/live');
  return { client, page };
}

test('after hello the page is live and knows the server clock', () => {
  const { page } = startPage();
  assert.equal(page.level, 'CONNECTING');
  page.hello();
  assert.equal(page.level, 'LIVE');
  assert.equal(page.state.serverOffsetMs, 500);
});

test('a gap in seq makes the page connect again and take a new snapshot', () => {
  const { page } = startPage();
  page.hello(3);
  page.say({ type: 'changes', seq: 5, changes: [] });
  assert.equal(page.sockets[0]!.isClosed, true);
  page.turnClock(1_000);
  assert.equal(page.sockets.length, 2);
  page.hello(5);
  assert.equal(page.level, 'LIVE');
  assert.equal(page.state.feeds.panel?.seq, 5);
});

test('attempts come after 1, 2, 4, 8 and then every 15 s, and start anew once live', () => {
  const { page } = startPage();
  page.hello();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const opened = page.sockets.length;
    page.newest().onclose?.({ code: 1006 });
    let waitedMs = 0;
    while (page.sockets.length === opened) {
      page.turnClock(500);
      waitedMs += 500;
    }
    pauses.push(waitedMs);
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  page.hello();
  assert.equal(page.state.link.attempt, 0);
});

test('a socket that stays silent for 5 s is given up: a cut cable closes nothing by itself', () => {
  const { page } = startPage();
  page.hello();
  page.turnClock(6_000);
  assert.equal(page.sockets[0]!.isClosed, true);
  assert.equal(page.level, 'RECONNECTING');
  page.turnClock(6_000);
  assert.equal(page.level, 'OFFLINE');
  assert.deepEqual(page.state.feeds.panel?.collections, { points: {} }, 'the last picture stays');
});

test('a page that wakes up tries at once, but leaves a living socket alone', () => {
  const { page, client } = startPage();
  page.hello();
  client.retryNow();
  assert.equal(page.sockets.length, 1);
  page.newest().onclose?.({ code: 1006 });
  client.retryNow();
  assert.equal(page.sockets.length, 2);
});

test('a view that needs a login asks for it once and does not hammer the server', () => {
  const { page } = startPage();
  page.newest().onclose?.({ code: LOGIN_REQUIRED_CLOSE });
  page.turnClock(60_000);
  assert.equal(page.loginsAsked, 1);
  assert.equal(page.sockets.length, 1);
});

test('a stopped client opens nothing any more', () => {
  const { page, client } = startPage();
  page.hello();
  client.stop();
  client.retryNow();
  page.turnClock(60_000);
  assert.equal(page.sockets.length, 1);
});
