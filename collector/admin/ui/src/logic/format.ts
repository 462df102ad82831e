// Numbers as people read them. What is not known (null, NaN) is a dash.

export const DASH = '–';
const THIN = '\u202f';  // narrow and unbreakable, between a number and its unit

// Three significant digits, no trailing zeros: 1.2, 45, 812.
function short(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

function scaled(value: number, units: readonly string[], step: number): string {
  let rest = value;
  let unit = 0;
  // Rounding may carry over: 999.96 is 1 k, not 1000.
  while (Math.abs(Number(short(rest))) >= step && unit < units.length - 1) {
    rest /= step;
    unit += 1;
  }
  const name = units[unit] ?? '';
  return name === '' ? short(rest) : `${short(rest)}${THIN}${name}`;
}

const COUNT_UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

function known(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

export function formatCount(value: number | null | undefined): string {
  return known(value) ? scaled(value, COUNT_UNITS, 1000) : DASH;
}

// Every digit, grouped: for what must be exact.
export function formatExact(value: number | null | undefined): string {
  return known(value) ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, THIN) : DASH;
}

export function formatBytes(value: number | null | undefined): string {
  return known(value) ? scaled(value, BYTE_UNITS, 1000) : DASH;
}

export function formatRate(perSecond: number | null | undefined): string {
  if (!known(perSecond)) return DASH;
  const text = scaled(perSecond, COUNT_UNITS, 1000);
  return text.includes(THIN) ? `${text}/s` : `${text}${THIN}/s`;
}

export function formatByteRate(perSecond: number | null | undefined): string {
  return known(perSecond) ? `${formatBytes(perSecond)}/s` : DASH;
}

function parts(seconds: number): string {
  const whole = Math.round(seconds);
  const units: [number, string][] = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const from = units.findIndex(([size]) => whole >= size);
  return units.slice(from, from + 2).map(([size, name], place) => {
    const count = Math.floor((place === 0 ? whole : whole % (units[from]?.[0] ?? 1)) / size);
    return count === 0 && place > 0 ? '' : `${count}${THIN}${name}`;
  }).filter((part) => part !== '').join(' ');
}

export function formatDuration(ms: number | null | undefined): string {
  if (!known(ms)) return DASH;
  const size = Math.abs(ms);
  if (size === 0) return `0${THIN}ms`;
  if (size < 0.9995) return size < 0.0009995 ? `${short(ms * 1e6)}${THIN}ns` : `${short(ms * 1000)}${THIN}µs`;
  if (size < 999.5) return `${short(ms)}${THIN}ms`;
  return size < 59_950 ? `${short(ms / 1000)}${THIN}s` : parts(ms / 1000);
}

export function formatPercent(share: number | null | undefined): string {
  if (!known(share)) return DASH;
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size > 0 && size < 0.01) return `<${THIN}0.01${THIN}%`;
  // All but a few is not all.
  if (share < 1 && size >= 99.95) return `>${THIN}99.9${THIN}%`;
  return `${short(percent)}${THIN}%`;
}

// A change against an earlier value: +12 %, −3 %. Both must be known and the earlier one not nothing.
export function formatChange(now: number | null, before: number | null): string {
  if (!known(now) || !known(before) || before === 0) return DASH;
  const change = (now - before) / before;
  if (Math.abs(change) < 0.0005) return '±0';
  if (change >= 9.995) return `×${short(now / before)}`;
  const percent = Math.abs(change) * 100;
  return `${change > 0 ? '+' : '−'}${Number(percent.toFixed(percent < 9.95 ? 1 : 0))}${THIN}%`;
}

// The local clock: 14:03:07.
export function formatClock(unixMs: number): string {
  const time = new Date(unixMs);
  if (Number.isNaN(time.getTime())) return DASH;
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

// The local day and clock to the millisecond.
export function formatMoment(unixMs: number): string {
  const time = new Date(unixMs);
  if (Number.isNaN(time.getTime())) return DASH;
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  return `${day} ${formatClock(unixMs)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatExact(count)} ${count === 1 ? one : many}`;
}
