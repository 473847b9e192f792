import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decideEngine } from '../domain/engine-decide.ts';
import { restartEngine } from '../domain/engine-journal.ts';
import { decideSupply } from '../domain/supply-decide.ts';
import { requestSupply } from '../domain/supply-request.ts';
import { runCrashModel } from './crash-model.ts';
import { BrokenPromise } from './crash-model-invariants.ts';
import { type ModelRules, REAL_RULES } from './crash-model-rules.ts';
import { stories } from './crash-model-stories.ts';

/** Rules broken on purpose: a model that does not notice them would protect nothing. */
const mutations: readonly { name: string; rules: Partial<ModelRules> }[] = [
  { name: 'messages leave before the commit', rules: { isSentBeforeCommit: true } },
  {
    name: 'a repeated supply-ended is ticketed again',
    rules: {
      decideSupply: (context, event, at) => {
        const decision = decideSupply(context, event, at);
        const isRepeat = event.kind === 'supply-ended' && context.supply?.state === 'ENDED';
        const supply = isRepeat ? decision.supply : null;
        if (supply?.state !== 'ENDED') return decision;
        const { supplyId, driverId, energyWh, priceE4PerKwh, amountCents, endReason, isEstimated } = supply;
        const ticket = { supplyId, driverId, energyWh, priceE4PerKwh, amountCents, endReason, isEstimated };
        const again = { ...ticket, isCorrective: false, walletChangeCents: null };
        return { supply: { ...supply }, effects: [...decision.effects, { kind: 'issue-ticket', ticket: again }] };
      },
    },
  },
  {
    name: 'the plug counts before the authorisation',
    rules: {
      decideEngine: (state, event, nowMs) => {
        const isEarly = event.kind === 'plug' && state.current?.phase === 'ACCEPTED';
        const current = isEarly ? { ...state.current!, phase: 'AUTHORISED' as const } : state.current;
        return decideEngine({ ...state, current }, event, nowMs);
      },
    },
  },
  {
    name: 'a restarted engine forgets what it has not been acknowledged for',
    rules: {
      restartEngine: (boot, nowMs) => {
        const step = restartEngine(boot, nowMs);
        return { state: { ...step.state, unacknowledged: [] }, effects: [] };
      },
    },
  },
  {
    name: 'an end is told once only',
    rules: {
      decideEngine: (state, event, nowMs) => {
        const step = decideEngine(state, event, nowMs);
        return { ...step, state: { ...step.state, unacknowledged: [] } };
      },
    },
  },
  {
    name: 'a start does not look at the open supply',
    rules: { requestSupply: (context, request, at) => requestSupply({ ...context, openSupply: null }, request, at) },
  },
];

for (const { name, rules } of mutations) {
  test(`the crash model notices when ${name}`, () => {
    const mutated = { ...REAL_RULES, ...rules };
    assert.throws(
      () => {
        fc.assert(
          fc.property(stories, (story) => {
            runCrashModel(story, mutated);
          }),
          { seed: 20, numRuns: 1_000, endOnFailure: true },
        );
      },
      (error: Error) => error.cause instanceof BrokenPromise,
    );
  });
}
