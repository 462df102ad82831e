// A name from outside: as text, one line, of sane length, and unable to reorder what stands around it.

import { cut, visible } from '../logic/text';

const TITLE_MAX = 1000;

export function Name({ text, strong = false }: { text: string; strong?: boolean }) {
  const shown = visible(text);
  return <bdi class={strong ? 'name strong' : 'name'} title={shown.length > 24 ? cut(visible(text, TITLE_MAX), TITLE_MAX) : undefined}>{shown}</bdi>;
}
