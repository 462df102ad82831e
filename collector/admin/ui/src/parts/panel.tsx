// A titled part of a view.

import type { ComponentChildren } from 'preact';
import { visible } from '../logic/text';

type Props = { title: string; note?: ComponentChildren; children: ComponentChildren; class?: string };

export function Panel({ title, note, children, class: extra = '' }: Props) {
  const id = `panel-${title.slice(0, 80).toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return (
    <section class={`panel ${extra}`} aria-labelledby={id}>
      <header class="panel-head"><h2 id={id}><bdi>{visible(title, 120)}</bdi></h2>{note !== undefined && <span class="note">{note}</span>}</header>
      {children}
    </section>
  );
}
