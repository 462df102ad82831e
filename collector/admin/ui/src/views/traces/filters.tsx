// The filters as a form. Each change goes into the address at once.

import type { TraceSummary } from '../../api/types';
import { readMs } from '../../logic/read_ms';
import type { Params } from '../../logic/route';
import { goTo } from '../../parts/use_route';

const FULL_ID = /^[0-9a-f]{32}$/i;

type FieldProps = { name: string; label: string; value: string; placeholder?: string; list?: string; class?: string };

function Field({ name, label, value, placeholder, list, class: extra = '' }: FieldProps) {
  return (
    <label class={`field ${extra}`}><span class="label">{label}</span>
      <input key={value} name={name} defaultValue={value} placeholder={placeholder} list={list} autocomplete="off" spellcheck={false} maxLength={400} />
    </label>
  );
}

function Choice({ name, label, value, options }: { name: string; label: string; value: string; options: readonly [string, string][] }) {
  return (
    <label class="field narrow"><span class="label">{label}</span>
      <select name={name} value={value}>{options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select>
    </label>
  );
}

function paramsOf(form: HTMLFormElement, live: boolean): Params {
  const entries = [...new FormData(form)].map(([key, value]) => [key, String(value).trim()] as const);
  const params = Object.fromEntries(entries.filter(([, value]) => value !== 'any'));
  for (const key of ['min_ms', 'max_ms']) params[key] = readMs(params[key] ?? '');
  return { ...params, live: live ? '' : 'off' };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value.length < 200).sort().slice(0, 50);
}

export function Filters({ params, live, traces }: { params: Params; live: boolean; traces: readonly TraceSummary[] }) {
  const apply = (form: HTMLFormElement, alive = live) => {
    const wanted = paramsOf(form, alive);
    // A whole id needs no search: whatever became of it, there is a why.
    if (FULL_ID.test(wanted.id ?? '')) goTo('trace', {}, (wanted.id ?? '').toLowerCase());
    else goTo('traces', wanted);
  };
  const value = (key: string) => params[key] ?? '';
  return (
    <form class="filters" role="search" aria-label="Filter traces"
      onSubmit={(event) => { event.preventDefault(); apply(event.currentTarget); }}
      onChange={(event) => apply(event.currentTarget)}>
      <Choice name="decision" label="Decision" value={params.decision ?? 'any'} options={[['any', 'any'], ['kept', 'kept'], ['dropped', 'dropped']]} />
      <Choice name="status" label="Status" value={params.status ?? 'any'} options={[['any', 'any'], ['error', 'error'], ['ok', 'ok']]} />
      <Field name="service" label="Service" value={value('service')} list="known-services" />
      <Field name="operation" label="Operation" value={value('operation')} list="known-operations" />
      <Field name="min_ms" label="At least" value={value('min_ms') && `${value('min_ms')} ms`} placeholder="500 ms" class="narrow" />
      <Field name="max_ms" label="At most" value={value('max_ms') && `${value('max_ms')} ms`} placeholder="2 s" class="narrow" />
      <Field name="policy" label="Policy" value={value('policy')} list="known-policies" />
      <Field name="attribute" label="Attribute" value={value('attribute')} placeholder="http.route=/cart" />
      <Field name="id" label="Trace id" value={value('id')} placeholder="begins with …" />
      <button type="button" class={`toggle ${live ? 'on' : ''}`} aria-pressed={live}
        onClick={(event) => event.currentTarget.form !== null && apply(event.currentTarget.form, !live)}>
        <span class="dot" aria-hidden="true" />Live
      </button>
      <button type="submit" class="hidden">Search</button>
      <datalist id="known-services">{unique(traces.flatMap((t) => t.services)).map((name) => <option key={name} value={name} />)}</datalist>
      <datalist id="known-operations">{unique(traces.flatMap((t) => (t.root === null ? [] : [t.root.operation]))).map((name) => <option key={name} value={name} />)}</datalist>
      <datalist id="known-policies">{unique(traces.flatMap((t) => (t.policy === null ? [] : [t.policy]))).map((name) => <option key={name} value={name} />)}</datalist>
    </form>
  );
}
