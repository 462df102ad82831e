// Which window, against which, and by what.

import type { Params } from '../../logic/route';
import { goTo } from '../../parts/use_route';

// The daemon counts in windows of five minutes and remembers an hour of them.
const WINDOWS: readonly [string, string][] = [['300', 'last 5 minutes'], ['900', 'last 15 minutes'], ['1800', 'last half hour'], ['3600', 'last hour']];
const EARLIER: readonly [string, string][] = [
  ['', 'nothing'], ['window', 'the window before'], ['900', '15 minutes ago'], ['1800', 'half an hour ago'], ['3600', 'an hour ago'],
];

export function windowOf(params: Params): { windowS: number; agoS: number | null; byService: boolean } {
  const windowS = Number(WINDOWS.find(([key]) => key === params.window)?.[0] ?? 300);
  const against = EARLIER.find(([key]) => key === params.against)?.[0] ?? '';
  return { windowS, agoS: against === '' ? null : against === 'window' ? windowS : Number(against), byService: params.by === 'service' };
}

export function ImpactControls({ params }: { params: Params }) {
  const set = (change: Params) => goTo('impact', { ...params, ...change });
  const { windowS, byService } = windowOf(params);
  return (
    <form class="filters" role="search" aria-label="Window and comparison" onSubmit={(event) => event.preventDefault()}>
      <div class="segmented" role="group" aria-label="Rows">
        <button type="button" aria-pressed={!byService} onClick={() => set({ by: '', sort: '' })}>Operations</button>
        <button type="button" aria-pressed={byService} onClick={() => set({ by: 'service', sort: '' })}>Services</button>
      </div>
      <label class="field"><span class="label">Window</span>
        <select value={String(windowS)} onChange={(event) => set({ window: event.currentTarget.value })}>
          {WINDOWS.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
        </select>
      </label>
      <label class="field"><span class="label">Compared with</span>
        <select value={params.against ?? ''} onChange={(event) => set({ against: event.currentTarget.value })} disabled={byService}>
          {EARLIER.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
        </select>
      </label>
      <label class="field"><span class="label">Find</span>
        <input key={params.find ?? ''} defaultValue={params.find ?? ''} placeholder="service or operation" autocomplete="off" spellcheck={false} maxLength={200}
          onChange={(event) => set({ find: event.currentTarget.value.trim() })} />
      </label>
    </form>
  );
}
