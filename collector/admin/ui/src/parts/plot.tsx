// A small uPlot line of the last minutes. The numbers at its head are the newest ones, or those under the pointer.

import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useStore } from '../api/store';
import { formatClock } from '../logic/format';
import { theme } from './theme';

export type Line = { label: string; colour: 'accent' | 'good' | 'warn'; values: readonly (number | null)[] };

type Props = {
  title: string;
  times: readonly number[];  // Unix ms
  lines: readonly Line[];
  format: (value: number | null) => string;
};

const HEIGHT = 72;
const SPAN_MIN_MS = 30_000;  // the first seconds do not fill the width

// The canvas knows nothing of CSS variables: a real property resolves them.
function resolved(element: HTMLElement, variable: string, alpha = 1): string {
  element.style.color = alpha === 1 ? `var(${variable})` : `color-mix(in srgb, var(${variable}) ${alpha * 100}%, transparent)`;
  const colour = getComputedStyle(element).color;
  element.style.color = '';
  return colour;
}

function options(element: HTMLElement, lines: readonly Line[], hovered: (index: number | null) => void): uPlot.Options {
  return {
    width: Math.max(element.clientWidth, 80), height: HEIGHT, padding: [6, 2, 2, 2],
    legend: { show: false },
    cursor: { y: false, points: { size: 5 }, drag: { setScale: false, x: false, y: false } },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: false, range: (_, min, max) => [Math.min(min, max - SPAN_MIN_MS), max] }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] } },
    series: [{}, ...lines.map((line) => ({
      stroke: resolved(element, `--${line.colour}`), fill: resolved(element, `--${line.colour}`, 0.1), width: 1.5, points: { show: false },
    }))],
    hooks: { setCursor: [(plot) => hovered(plot.cursor.idx ?? null)] },
  };
}

function summary({ title, lines, format }: Props): string {
  return `${title}: ${lines.map((line) => {
    const known = line.values.filter((value): value is number => value !== null);
    return `${line.label} now ${format(known.at(-1) ?? null)}, highest ${format(known.length > 0 ? Math.max(...known) : null)}`;
  }).join('; ')}`;
}

export function Plot(props: Props) {
  const { title, times, lines, format } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [index, setIndex] = useState<number | null>(null);
  const colours = useStore(theme);
  const data = [times, ...lines.map((line) => line.values)] as unknown as uPlot.AlignedData;

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = new uPlot(options(element, lines, setIndex), data, element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: Math.max(element.clientWidth, 80), height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [colours, lines.length]);
  useEffect(() => plot.current?.setData(data), [times]);

  const at = index ?? times.length - 1;
  return (
    <figure class="plot">
      <figcaption>
        <span class="plot-title">{title}</span>
        {lines.map((line) => (
          <span key={line.label} class={`plot-value ${line.colour}-line`}><span class="label">{line.label}</span> {format(line.values[at] ?? null)}</span>
        ))}
        {index !== null && times[index] !== undefined && <span class="note">{formatClock(times[index])}</span>}
      </figcaption>
      <div class="plot-box" ref={box} role="img" aria-label={summary(props)} />
    </figure>
  );
}
