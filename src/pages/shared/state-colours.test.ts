import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('./styles/tokens.css', import.meta.url), 'utf8');

/** Hue in degrees and saturation (0 to 1) of a token. */
function colourOf(token: string): { hue: number; saturation: number } {
  const hex = new RegExp(`--${token}: #([0-9a-f]{6});`).exec(css)?.[1];
  assert.ok(hex, token);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  const sector =
    most === red ? (green - blue) / range : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  return { hue: (sector * 60 + 360) % 360, saturation: range / most };
}

test('R1-01 R1-16: free and charging are green, out of service orange, faulted red, disconnected grey', () => {
  for (const token of ['available', 'charging']) {
    const { hue } = colourOf(token);
    assert.ok(hue > 120 && hue < 180, `${token}: ${hue}`);
  }
  const { hue: orange } = colourOf('out');
  assert.ok(orange > 25 && orange < 50, String(orange));
  const { hue: red, saturation } = colourOf('faulted');
  assert.ok((red > 345 || red < 15) && saturation > 0.8, String(red));
  assert.ok(colourOf('disconnected').saturation < 0.25);
});
