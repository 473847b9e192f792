import { isPlainCall } from '../src/io/command-line.ts';
import type { PanelPoint } from '../src/messages/live-stream.ts';
import { startFixtureServer } from '../src/pages/testing/fixture-server.ts';
import { manyPoints } from '../src/pages/testing/many-points.ts';

const POINTS = 5_000;
const CHARGING = 500;
/** Points that change their state in each second. */
const CHANGES_PER_SECOND = 5;

const USAGE = `node bench/panel-server.ts

The panel's pages and its live feed with a large network that lives, for bench/panel.ts: says its URL, ended by SIGTERM.`;

async function serve(): Promise<void> {
  const network = manyPoints(POINTS, CHARGING);
  const server = await startFixtureServer({ app: 'central', port: 0, snapshots: { panel: network.snapshot } });
  const feed = server.feeds.panel!;
  feed.reset(network.snapshot, network.readings);
  let second = 0;
  const timer = setInterval(() => {
    second += 1;
    for (const [index, powerW, energyWh] of network.readings)
      feed.setReading([index, powerW - (second % 7) * 500, energyWh + second * 13, 8 + second]);
    for (let change = 0; change < CHANGES_PER_SECOND; change += 1) {
      const cpId = network.cpIds[(second * 37 + change * 611) % network.cpIds.length]!;
      const point = feed.get('points', cpId) as PanelPoint;
      if (point.state === 'CHARGING') continue;
      const state = point.state === 'AVAILABLE' ? 'FAULTED' : 'AVAILABLE';
      feed.set('points', cpId, { ...point, state, version: point.version + 1, stateSinceMs: Date.now() });
    }
  }, 1_000);
  process.once('SIGTERM', () => {
    clearInterval(timer);
    void server.stop();
  });
  process.stdout.write(`${server.url}\n`);
}

if (isPlainCall(process.argv.slice(2), USAGE)) await serve();
