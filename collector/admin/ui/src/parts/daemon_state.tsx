// At the right of the head: which daemon this is and how it is.

import type { Status } from '../api/types';
import { usePoll } from '../api/use_poll';
import { formatDuration } from '../logic/format';
import { visible } from '../logic/text';

const EVERY_MS = 10_000;

export function DaemonState() {
  const { value } = usePoll<Status>('api/v1/status', EVERY_MS);
  if (value === null) return <span class="daemon" />;
  return (
    <span class="daemon">
      <span class={`dot ${value.state === 'ready' ? 'good' : 'warn'}`} aria-hidden="true" />
      <span>{value.state}</span>
      <span class="note wide-only"><bdi>{visible(value.instance, 40)}</bdi></span>
      <span class="note wide-only"><bdi>{visible(value.version, 20)}</bdi></span>
      <span class="note wide-only">up {formatDuration(value.uptime_s * 1000)}</span>
    </span>
  );
}
