import type { ExporterState } from '../api/types';

const TONE: Record<ExporterState, string> = { healthy: 'good', probing: 'warn', down: 'bad' };

export function ExporterBadge({ state }: { state: ExporterState }) {
  return <span class={`badge ${TONE[state] ?? 'warn'}`}>{state}</span>;
}
