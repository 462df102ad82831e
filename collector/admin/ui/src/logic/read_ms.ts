// A duration as people type it, to the milliseconds that the daemon asks for: "500", "500 ms", "1.2s", "2 min", "80us".

const UNITS: Record<string, number> = { '': 1, ns: 1e-6, us: 1e-3, 'µs': 1e-3, ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 };

// What is no duration comes back as it is, for the daemon to say so.
export function readMs(text: string): string {
  const match = /^(\d+(?:[.,]\d+)?)\s*([a-zµ]*)$/i.exec(text.trim());
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()];
  if (match === null || unit === undefined) return text.trim();
  return String(Number((Number((match[1] ?? '').replace(',', '.')) * unit).toPrecision(12)));
}
