export function DecisionBadge({ decision }: { decision: 'kept' | 'dropped' }) {
  return <span class={`badge ${decision === 'kept' ? 'good' : 'plain'}`}>{decision}</span>;
}
