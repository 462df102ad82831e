// A command to copy. Where the browser gives no clipboard (plain HTTP from afar) it can still be marked by hand.

import { useState } from 'preact/hooks';

export function Copyable({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return (
    <div class="copyable">
      <div class="copyable-head">
        <span class="label">{label}</span>
        {navigator.clipboard !== undefined && <button type="button" class="quiet" onClick={copy}>{copied ? 'Copied' : 'Copy'}</button>}
      </div>
      <pre class="code" tabIndex={0} role="region" aria-label={label}>{text}</pre>
    </div>
  );
}
