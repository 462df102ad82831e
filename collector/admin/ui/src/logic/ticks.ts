// Round marks on a time axis: about `wanted` of them, at 1, 2 or 5 times a power of ten.

export function ticks(durationMs: number, wanted = 5): number[] {
  if (!(durationMs > 0)) return [0];
  const rough = durationMs / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => power * factor >= rough) ?? 10);
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, i) => i * step);
}
