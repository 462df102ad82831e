// A titled part of a view.

import type { ComponentChildren } from 'preact';

type Props = { title: string; note?: ComponentChildren; children: ComponentChildren; class?: string };

export function Panel({ title, note, children, class: extra = '' }: Props) {
  const id = `panel-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return (
    <section class={`panel ${extra}`} aria-labelledby={id}>
      <header class="panel-head"><h2 id={id}>{title}</h2>{note !== undefined && <span class="note">{note}</span>}</header>
      {children}
    </section>
  );
}
