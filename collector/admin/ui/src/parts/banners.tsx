// What concerns every view: no answer from the daemon, or a daemon of another version.

import { connection } from '../api/connection';
import { useStore } from '../api/store';
import { otherVersion } from '../api/version';
import { visible } from '../logic/text';

export function Banners() {
  const problem = useStore(connection);
  const version = useStore(otherVersion);
  return (
    <div class="banners" role="status" aria-live="polite">
      {problem !== null && <p class="banner warn"><span><bdi>{problem.text}</bdi> What is shown may be old. Trying again …</span></p>}
      {version !== null && (
        <p class="banner">
          <span>The daemon is now version <bdi>{visible(version, 40)}</bdi>; this page came from another one.</span>
          <button type="button" onClick={() => location.reload()}>Reload</button>
        </p>
      )}
    </div>
  );
}
