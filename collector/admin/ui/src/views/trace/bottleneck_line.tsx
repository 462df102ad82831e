// The answer to "which hop is slow?" in a sentence.

import type { Bottleneck } from '../../logic/bottleneck';
import type { SpanNode } from '../../logic/tree';
import { Name } from '../../parts/name';

export function BottleneckLine({ bottleneck, onShow }: { bottleneck: Bottleneck | null; onShow: (node: SpanNode) => void }) {
  if (bottleneck === null) return null;
  const { service, operation } = bottleneck.node.span;
  return (
    <p class="bottleneck">
      <span class="bottleneck-mark" aria-hidden="true">◆</span>
      <span>{bottleneck.before}<Name text={service} strong />: <Name text={operation} strong />{bottleneck.after}.</span>
      <button type="button" class="quiet" onClick={() => onShow(bottleneck.node)}>Show</button>
    </p>
  );
}
