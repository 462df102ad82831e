import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as f from '../src/logic/format';

const plain = (text: string) => text.replace(/\u202f/g, ' ');
const check = (format: (value: number | null) => string, cases: [number | null, string][]) => {
  for (const [value, text] of cases) assert.equal(plain(format(value)), text, `${value}`);
};

test('counts and rates', () => {
  check(f.formatCount, [[0, '0'], [7, '7'], [999, '999'], [1000, '1 k'], [1234, '1.23 k'], [999_949, '1 M'], [3.4e6, '3.4 M'], [null, '–'], [Number.NaN, '–']]);
  check(f.formatRate, [[0, '0 /s'], [4.43, '4.43 /s'], [1200, '1.2 k/s'], [null, '–']]);
  check(f.formatExact, [[12116556, '12 116 556'], [0, '0'], [-1234, '-1 234']]);
});

test('bytes', () => {
  check(f.formatBytes, [[0, '0 B'], [999, '999 B'], [4_500_000, '4.5 MB'], [2 ** 63, '9.22 EB']]);
  check(f.formatByteRate, [[4_500_000, '4.5 MB/s'], [null, '–']]);
});

test('durations, at the edges of units', () => {
  check(f.formatDuration, [[0, '0 ms'], [0.00002, '20 ns'], [0.0009994, '999 ns'], [0.812, '812 µs'], [0.9996, '1 ms'], [8.123, '8.12 ms'], [812, '812 ms'], [999.4, '999 ms'],
    [999.6, '1 s'], [1234, '1.23 s'], [59_900, '59.9 s'], [59_990, '1 min'], [125_000, '2 min 5 s'], [3_600_000, '1 h'], [7_384_000, '2 h 3 min'], [90_000_000, '1 d 1 h'], [null, '–']]);
});

test('shares', () => {
  check(f.formatPercent, [[0, '0 %'], [1, '100 %'], [0.31, '31 %'], [0.0684, '6.84 %'], [0.00001, '< 0.01 %'], [0.99999, '> 99.9 %'], [null, '–']]);
});

test('changes', () => {
  const cases: [number | null, number | null, string][] = [[112, 100, '+12 %'], [97, 100, '−3 %'], [100, 100, '±0'], [1, 0, '–'], [5, null, '–'], [2500, 100, '×25'], [0, 10, '−100 %'], [104.26, 100, '+4.3 %']];
  for (const [now, before, text] of cases) assert.equal(plain(f.formatChange(now, before)), text);
});

test('times and plurals', () => {
  assert.equal(f.formatClock(Number.NaN), '–');
  assert.match(f.formatMoment(1_767_225_600_123), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.123$/);
  assert.equal(f.plural(1, 'span'), '1 span');
  assert.equal(f.plural(2, 'span'), '2 spans');
});
