// A stage of the line: its kind, its name, and its few figures.

import type { ComponentChildren } from 'preact';
import { visible } from '../../logic/text';
import { Name } from '../../parts/name';

export type Fact = { label: string; value: string; tone?: 'warn-text' | 'bad-text' | 'good-text'; hint?: string };

type Props = { kind: string; name: string; facts: readonly Fact[]; children?: ComponentChildren };

export function Stage({ kind, name, facts, children }: Props) {
  return (
    <article class="stage">
      <header><span class="label">{kind}</span><Name text={name} strong /></header>
      {children}
      <dl class="facts">
        {facts.map(({ label, value, tone, hint }) => (
          <div key={label} title={hint && visible(hint, 300)}><dt><bdi>{visible(label, 60)}</bdi></dt><dd class={tone}>{value}</dd></div>
        ))}
      </dl>
    </article>
  );
}

// A figure that should be nothing: shown where it is something, and then so that it is seen.
export function ifAny(label: string, count: number | null, text: string, tone: Fact['tone'] = 'warn-text', hint?: string): Fact[] {
  return count !== null && count > 0 ? [{ label, value: text, tone, hint }] : [];
}
