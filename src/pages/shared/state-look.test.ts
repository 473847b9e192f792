import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { POINT_STATES, type PointState } from '../../domain/vocabulary.ts';
import { STATE_ICONS } from './state-look.ts';

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const tokens = file('./styles/tokens.css');
const tile = file('../central/points/point-tile.module.css');

const TOKEN: Record<PointState, string> = {
  AVAILABLE: 'available',
  CHARGING: 'charging',
  OUT_OF_SERVICE: 'out',
  FAULTED: 'faulted',
  DISCONNECTED: 'disconnected',
};

function colour(name: string): string {
  const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(tokens)?.[1];
  assert.ok(found, name);
  return found;
}

function staleColour(state: PointState): string {
  const found = new RegExp(`data-stale="true"\\] \\[data-state="${state}"\\] \\{\\s*--state: (#[0-9a-f]{6})`).exec(
    tokens,
  )?.[1];
  assert.ok(found, state);
  return found;
}

/** Relative luminance of WCAG 2: what is left of a colour in grey. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Pattern of a state's tile beside its colour: hatch, frame, dashes or none. */
function patternOf(state: PointState): string {
  if (state === 'FAULTED')
    return /data-state="FAULTED"\] \{[^}]*--state-pattern: repeating/.test(tokens) ? 'hatch' : '';
  const rule = new RegExp(`\\.tile\\[data-state="${state}"\\] \\{([^}]*)\\}`).exec(tile)?.[1] ?? '';
  return rule.includes('dashed') ? 'dashes' : rule.includes('inset') ? 'frame' : '';
}

test('ux 9.8 in grey every two states differ by lightness or by pattern, and each has an icon of its own', () => {
  assert.equal(new Set(Object.values(STATE_ICONS)).size, POINT_STATES.length);
  for (const one of POINT_STATES)
    for (const other of POINT_STATES) {
      if (one >= other) continue;
      const ratio = contrast(colour(TOKEN[one]), colour(TOKEN[other]));
      assert.ok(ratio >= 1.25 || patternOf(one) !== patternOf(other), `${one} and ${other}: ${ratio.toFixed(2)}`);
    }
});

test('ux 7.1 text on a tile of any state can be read, fresh and stale', () => {
  for (const state of POINT_STATES) {
    assert.ok(contrast(colour(TOKEN[state]), colour(`on-${TOKEN[state]}`)) >= 4.5, state);
    assert.ok(contrast(staleColour(state), colour('ink')) >= 4.5, `stale ${state}`);
  }
});
