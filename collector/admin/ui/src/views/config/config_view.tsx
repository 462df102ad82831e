// The configuration in force, as the daemon prints it: defaults in, secrets out.

import type { Config } from '../../api/types';
import { usePoll } from '../../api/use_poll';
import { visibleLines } from '../../logic/text';
import { Waiting } from '../../parts/notice';
import { Panel } from '../../parts/panel';

const YAML_MAX = 500_000;

export function ConfigView() {
  const { value, problem } = usePoll<Config>('api/v1/config', 10_000);
  if (value === null) return <Waiting problem={problem} />;
  return (
    <>
      <h1>Configuration in force</h1>
      {value.warnings.length > 0 && (
        <Panel title="Warnings"><ul class="plain">{value.warnings.map((line) => <li key={line}><bdi>{visibleLines(line, 2000)}</bdi></li>)}</ul></Panel>
      )}
      <Panel title="YAML" note="defaults included, secrets redacted">
        <pre class="code" tabIndex={0} role="region" aria-label="Configuration as YAML">{visibleLines(value.yaml, YAML_MAX)}</pre>
      </Panel>
    </>
  );
}
