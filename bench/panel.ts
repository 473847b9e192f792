import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { readCommandLine, wholeNumber } from '../src/io/command-line.ts';
import { startPageBrowser, type Viewer } from '../src/testing/page-browser.ts';
import { loadAverage, watchProcesses } from './process-figures.ts';
import { median, quantile, table } from './statistics.ts';

const VIEWERS = [1, 20, 100] as const;
const VIEWER_SECONDS = 15;
const SCROLL_SECONDS = 5;
const SCROLL_HEADER = [
  'view',
  'frame p50 / p95',
  'frames over 20 ms',
  'work of the page a frame',
  'points in the page',
];
const VIEWS = ['wall', 'cards', 'table'] as const;
/** What somebody types, letter by letter, and takes back. */
const TYPED = ['c', 'cp', 'cp0', 'cp01', 'cp012', 'cp01', 'cp0', 'madrid', 'calle 4', ''] as const;

/** Frame times in ms while the page scrolls 60 pixels a frame. */
const SCROLL = `new Promise((done) => {
  const times = []; let last = performance.now(); const end = last + ${SCROLL_SECONDS * 1_000};
  const step = (now) => { times.push(now - last); last = now; scrollBy(0, 60); now < end ? requestAnimationFrame(step) : done(times.slice(1)); };
  requestAnimationFrame(step);
})`;

/** Ms from a keystroke in the search box until the next frame has been drawn. */
const filterScript = (text: string) => `new Promise((done) => {
  const input = document.querySelector('[data-testid=search]');
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, ${JSON.stringify(text)});
  const from = performance.now();
  input.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
})`;

/** As tall as the panel, with nothing in it but text: what this computer draws without any work of ours. */
const PLAIN_PAGE = `data:text/html,<body style="height:200000px;margin:0">${'<p>a line of text</p>'.repeat(50)}`;
/** Work of the page's own thread, as Chromium counts it. */
const WORK = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'] as const;

type Server = { url: string; pid: number; stop(): void };

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('panel-server.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: said.toString().trim(), pid: child.pid!, stop: () => child.kill('SIGTERM') };
}

async function scrollFigures(viewer: Viewer): Promise<string[][]> {
  const rows: string[][] = [];
  for (const view of VIEWS) {
    await viewer.press(`view-${view}`);
    rows.push(await scrollOf(view, viewer.page));
  }
  const plain = await viewer.page.context().newPage();
  await plain.goto(PLAIN_PAGE);
  rows.push(await scrollOf('plain page', plain));
  await plain.close();
  return rows;
}

async function scrollOf(view: string, page: Viewer['page']): Promise<string[]> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Performance.enable');
  /** Ms that scripts, styles and layout have taken in this page so far. */
  const workMs = async (): Promise<number> => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    const work = metrics.filter(({ name }) => WORK.some((one) => one === name));
    return work.reduce((sum, { value }) => sum + value, 0) * 1_000;
  };
  await page.evaluate('scrollTo(0, 0)');
  await sleep(1_000);
  const before = await workMs();
  const times = (await page.evaluate(SCROLL)) as number[];
  const work = ((await workMs()) - before) / times.length;
  const drawn = await page.locator('[data-cp]').count();
  await devTools.detach();
  const slow = times.filter((time) => time > 20).length / times.length;
  return [
    ...[view, `${median(times).toFixed(1)} / ${quantile(times, 0.95).toFixed(1)} ms`, `${(slow * 100).toFixed(0)} %`],
    ...[`${work.toFixed(1)} ms`, `${drawn}`],
  ];
}

async function filterTimes(viewer: Viewer): Promise<number[]> {
  await viewer.press('view-wall');
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1)
    for (const text of TYPED) {
      times.push((await viewer.page.evaluate(filterScript(text))) as number);
      await sleep(150);
    }
  return times;
}

/** Heap of the page in MB after a collection. */
async function heapMb(viewer: Viewer): Promise<number> {
  const devTools = await viewer.page.context().newCDPSession(viewer.page);
  await devTools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devTools.send('Runtime.getHeapUsage');
  await devTools.detach();
  return usedSize / 1e6;
}

async function serverFigures(server: Server): Promise<string[][]> {
  const rows: string[][] = [];
  const sockets: WebSocket[] = [];
  for (const count of VIEWERS) {
    while (sockets.length < count) {
      const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/live`);
      await once(socket, 'open');
      sockets.push(socket);
    }
    await sleep(2_000);
    const { panel } = await watchProcesses({ panel: server.pid }, VIEWER_SECONDS);
    rows.push([`${count}`, `${panel.cpuPercent.toFixed(1)} %`, `${panel.pssMb.toFixed(0)} MB`]);
  }
  for (const socket of sockets) socket.terminate();
  return rows;
}

const USAGE = `node bench/panel.ts [MINUTES]

The panel with 5,000 points, 500 of them charging: work of its server by viewers, frames while it scrolls, the filter, memory.
  MINUTES   how long memory is watched (10)`;

async function main(): Promise<void> {
  const minutes = readCommandLine(process.argv.slice(2), {
    usage: USAGE,
    positionals: ['MINUTES'],
    read: ({ positionals: [typed = '10'] }) => wholeNumber(typed, { name: 'MINUTES', min: 0, max: 1_440 }),
  });
  if (minutes === undefined) return;
  const server = await startServer();
  const say = (text: string) => process.stdout.write(`${text}\n`);
  try {
    say(`load average ${loadAverage()}\n`);
    say(table(['viewers', 'CPU of the server, % of a core', 'memory'], await serverFigures(server)));
    const browser = await startPageBrowser();
    const viewer = await browser.open(server.url, { width: 1920, height: 1080 });
    await viewer.sees('tiles');
    await sleep(3_000);
    const heapBefore = await heapMb(viewer);
    say(`\n${table(SCROLL_HEADER, await scrollFigures(viewer))}`);
    const times = await filterTimes(viewer);
    say(`\nfilter, keystroke to drawn: ${median(times).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`);
    const heaps = [heapBefore, await heapMb(viewer)];
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      await sleep(minutes * 15_000);
      heaps.push(await heapMb(viewer));
    }
    const told = heaps.map((heap) => heap.toFixed(1)).join(', ');
    say(`page heap, MB: at first, after scrolling and filtering, then at each quarter of ${minutes} min: ${told}`);
    say(`load average ${loadAverage()}`);
    await browser.stop();
  } finally {
    server.stop();
  }
}

await main();
