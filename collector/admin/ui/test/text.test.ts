import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hues, HUES } from '../src/logic/hue';
import { cut, visible, visibleLines } from '../src/logic/text';

test('control characters and marks of direction become visible', () => {
  assert.equal(visible('a\u0000b\nc\u007f'), 'a␀b␊c␡');
  assert.equal(visible('invoice\u202egnp.exe'), 'invoice⟨U+202E⟩gnp.exe');
  assert.equal(visible('\u2066x\u2069\u200b\ufeff'), '⟨U+2066⟩x⟨U+2069⟩⟨U+200B⟩⟨U+FEFF⟩');
  assert.equal(visible(''), '(empty)');
});

test('markup and other writing stay as they are', () => {
  assert.equal(visible('<img src=x onerror=alert(1)>'), '<img src=x onerror=alert(1)>');
  assert.equal(visible('שלום, Ünïcode 日本'), 'שלום, Ünïcode 日本');
});

test('a megabyte is cut, and never inside a pair', () => {
  assert.equal(visible('x'.repeat(1 << 20)).length, 161);
  assert.equal(cut('ab😀', 3), 'ab…');
  assert.equal(cut('ab😀', 4), 'ab😀');
});

test('values keep their lines', () => {
  assert.equal(visibleLines('a\r\nb\tc\u0007', 100), 'a\nb\tc␇');
});

test('twelve services have twelve colours; a hundred have one each', () => {
  const hues = new Hues();
  const names = Array.from({ length: 100 }, (_, i) => `service-${i}`);
  const given = names.map((name) => hues.of(name));
  assert.equal(new Set(given.slice(0, HUES)).size, HUES);
  assert.ok(given.every((hue) => Number.isInteger(hue) && hue >= 0 && hue < HUES));
  assert.deepEqual(names.map((name) => hues.of(name)), given);
});
