// What concerns every view: no answer from the daemon, or a daemon of another version.

import { connection } from '../api/connection';
import { useStore } from '../api/store';
import { otherVersion } from '../api/version';

export function Banners() {
  const problem = useStore(connection);
  const version = useStore(otherVersion);
  return (
    <div class="banners" role="status" aria-live="polite">
      {problem !== null && <p class="banner warn"><bdi>{problem.text}</bdi> What is shown may be old. Trying again …</p>}
      {version !== null && (
        <p class="banner">
          The daemon is now version <bdi>{version}</bdi>; this page came from another one.
          <button type="button" onClick={() => location.reload()}>Reload</button>
        </p>
      )}
    </div>
  );
}
