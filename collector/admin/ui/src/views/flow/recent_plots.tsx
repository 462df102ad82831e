// The last minutes, as long as this page has been watching.

import { formatBytes, formatDuration, formatRate } from '../../logic/format';
import type { Point } from '../../logic/history';
import { Plot } from '../../parts/plot';

export function RecentPlots({ points }: { points: readonly Point[] }) {
  if (points.length < 3) return null;
  const times = points.map((point) => point.unixMs);
  return (
    <section class="plots" aria-label="The last minutes">
      <Plot title="Spans" times={times} format={formatRate} lines={[
        { label: 'in', colour: 'accent', values: points.map((p) => p.accepted) },
        { label: 'kept', colour: 'good', values: points.map((p) => p.kept) },
      ]} />
      <Plot title="Memory" times={times} format={formatBytes} lines={[
        { label: 'resident', colour: 'accent', values: points.map((p) => (Number.isNaN(p.memory) ? null : p.memory)) },
      ]} />
      <Plot title="Decision lag" times={times} format={formatDuration} lines={[
        { label: 'p99', colour: 'warn', values: points.map((p) => p.lag) },
      ]} />
    </section>
  );
}
