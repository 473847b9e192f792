import assert from 'node:assert/strict';
import { test } from 'node:test';
import { centralLive } from './central-live.ts';
import { centralToDriver, centralToStatus, driverToCentral } from './driver-central.ts';
import { centralToEngine, engineToCentral } from './engine-central.ts';
import * as examples from './examples.ts';
import { centralToMonitor, monitorToCentral } from './monitor-central.ts';
import { engineToMonitor, monitorToEngine } from './monitor-engine.ts';
import { compileCatalogue } from './validators.ts';

const conversations = {
  engineToCentral: [engineToCentral, examples.engineToCentralExamples],
  centralToEngine: [centralToEngine, examples.centralToEngineExamples],
  driverToCentral: [driverToCentral, examples.driverToCentralExamples],
  centralToDriver: [centralToDriver, examples.centralToDriverExamples],
  centralToStatus: [centralToStatus, examples.centralToStatusExamples],
  monitorToCentral: [monitorToCentral, examples.monitorToCentralExamples],
  centralToMonitor: [centralToMonitor, examples.centralToMonitorExamples],
  engineToMonitor: [engineToMonitor, examples.engineToMonitorExamples],
  monitorToEngine: [monitorToEngine, examples.monitorToEngineExamples],
  centralLive: [centralLive, examples.centralLiveExamples],
} as const;

for (const [name, [catalogue, bodies]] of Object.entries(conversations)) {
  const validators = compileCatalogue(catalogue);
  for (const [type, validator] of validators) {
    test(`${name}: the example of ${type} is valid, also after JSON`, () => {
      const body: unknown = JSON.parse(JSON.stringify(bodies[type as keyof typeof bodies]));
      assert.ok(validator.isValid(body), validator.complaint(body));
    });
    test(`${name}: ${type} with a field that nobody declared is refused`, () => {
      assert.equal(validator.isValid({ ...(bodies[type as keyof typeof bodies] as object), surplus: 1 }), false);
    });
    test(`${name}: ${type} refuses what is no object`, () => {
      for (const body of [null, undefined, 7, 'text', [], true]) assert.equal(validator.isValid(body), false);
    });
  }
}
