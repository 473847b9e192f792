import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ModelReport, runCrashModel } from './crash-model.ts';
import { REAL_RULES } from './crash-model-rules.ts';
import { stories } from './crash-model-stories.ts';
import { runsFromEnvironment } from './generated.ts';
import { testSeed } from './seed.ts';

const seed = testSeed('crash model');

test('whatever crashes, is lost, doubled or late: one ticket a supply, no Wh lost, nothing open in the end (F-10 to F-25)', (t) => {
  const numRuns = runsFromEnvironment(300);
  const total = { supplies: 0, charged: 0, estimated: 0, corrected: 0, energyWh: 0 };
  const startedAtMs = Date.now();
  fc.assert(
    fc.property(stories, (story) => {
      const report = runCrashModel(story, REAL_RULES);
      for (const key of Object.keys(total) as (keyof ModelReport)[]) total[key] += report[key];
    }),
    { seed, numRuns },
  );
  t.diagnostic(`--seed=${seed}, ${numRuns} stories in ${Date.now() - startedAtMs} ms: ${JSON.stringify(total)}`);
  assert.ok(total.charged > numRuns / 3, 'the stories hardly charge: the model has lost its teeth');
});
