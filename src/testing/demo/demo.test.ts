import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkFile } from '../../local/network-file.ts';
import { incidentsOf } from './incidents.ts';
import { DemoReport } from './report.ts';
import { demoLines, incidentAt } from './story.ts';

test('R1-G04: at least ten charges over all points, and every incident meets one of them', () => {
  const incidents = incidentsOf({ weatherSimUrl: 'http://127.0.0.1:5003' } as unknown as NetworkFile);
  const points = ['CP001', 'CP002', 'CP003'];
  assert.deepEqual(new Set(demoLines(points, incidents, false)), new Set(points));
  assert.equal(demoLines(['CP001'], incidents, false).length, 10);
  const many = Array.from({ length: 14 }, (_, index) => `CP${index}`);
  assert.deepEqual(demoLines(many, incidents, false), many);
  for (const isQuick of [false, true]) {
    const lines = demoLines(['CP001'], incidents, isQuick);
    const met = lines.map((_, index) => incidentAt(index + 1, incidents, isQuick)?.title);
    assert.deepEqual(met.filter(Boolean), [
      'a fault of the engine',
      'a dead Monitor',
      'a weather alert',
      'a revoked key',
    ]);
  }
});

test('what was not seen is told and remembered; a look that fails is tried again', async () => {
  const lines: string[] = [];
  const report = new DemoReport((line) => void lines.push(line));
  let looks = 0;
  const look = () => {
    looks += 1;
    if (looks === 1) throw new Error('not there yet');
    return 'there';
  };
  assert.equal(await report.expect('the first', look, 60_000), true);
  assert.equal(await report.expect('the second', () => undefined, 1), false);
  assert.equal(report.close(), false);
  assert.deepEqual(report.missing, ['the second']);
  assert.match(lines.join('\n'), /expected: the first\n +seen: +there[\s\S]*NOT SEEN[\s\S]*1 of 2 expectations/);
});
