import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POINT_STATES } from '../domain/vocabulary.ts';
import { orderedStateFromSpanish, SPANISH_POINT_STATES } from './rest-aliases.ts';

test("the description's Spanish states stand for ours, one for each (D-01, D-02, S-STA-01 to 05)", () => {
  assert.equal(SPANISH_POINT_STATES.ACTIVADO, 'AVAILABLE');
  assert.equal(SPANISH_POINT_STATES.SUMINISTRANDO, 'CHARGING');
  assert.equal(SPANISH_POINT_STATES.AVERIADO, 'FAULTED');
  assert.equal(SPANISH_POINT_STATES.DESCONECTADO, 'DISCONNECTED');
  assert.deepEqual([...new Set(Object.values(SPANISH_POINT_STATES))].sort(), [...POINT_STATES].sort());
});

test('S-API-06: a PATCH orders the two states that can be ordered, however they are written; facts cannot be', () => {
  for (const word of ['FUERA_DE_SERVICIO', 'Fuera de servicio', ' PARADO '])
    assert.equal(orderedStateFromSpanish(word), 'OUT_OF_SERVICE', word);
  assert.equal(orderedStateFromSpanish('activado'), 'AVAILABLE');
  for (const word of ['AVERIADO', 'SUMINISTRANDO', 'DESCONECTADO', 'ROTO', ''])
    assert.equal(orderedStateFromSpanish(word), undefined, word);
});
