import fc from 'fast-check';
import type { ModelStory } from './crash-model.ts';
import { ACTIONS, type ModelAction, type ModelStep } from './crash-model-actions.ts';

const MODEL_ACTIONS = Object.keys(ACTIONS) as ModelAction[];

/** How often an action is drawn, against 1 for the others: most stories shall charge. */
const WEIGHTS: Partial<Record<ModelAction, number>> = {
  request: 14,
  'request at point': 4,
  'same request again': 3,
  plug: 8,
  unplug: 8,
  'driver stop': 4,
  'operator resume': 6,
  'weather clear': 5,
  'local release': 5,
  repair: 6,
  'renew key': 6,
  'kill engine': 2,
  'start engine': 2,
  'start monitor': 2,
  'operator settle': 2,
  'lose disk': 2,
  'heal channels': 2,
  'kill central': 2,
  'start central': 2,
};

const action = fc.oneof(
  ...MODEL_ACTIONS.map((each) => ({ weight: WEIGHTS[each] ?? 1, arbitrary: fc.constant<ModelAction>(each) })),
);

const pauseMs = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 10, max: 400 }) },
  { weight: 8, arbitrary: fc.integer({ min: 400, max: 4_000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 4_000, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 180_000 }) },
);

const step: fc.Arbitrary<ModelStep> = fc.record({
  action,
  point: fc.constantFrom<0 | 1>(0, 0, 0, 1),
  driver: fc.constantFrom<0 | 1 | 2>(0, 0, 1, 2),
  pauseMs,
});

/** Stories that fast-check may shorten when they fail. */
export const stories: fc.Arbitrary<ModelStory> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  monitorLoss: fc.constantFrom<'continue' | 'stop'>('continue', 'continue', 'continue', 'stop'),
  steps: fc.array(step, { minLength: 20, maxLength: 90, size: 'max' }),
});
