// Asks for one thing again and again while somebody can see it.
//
// The first load runs whatever the visibility, so a tab opened in the background has its content when it is looked at.
// After that only a visible tab asks. The next question waits for the answer to the last one; after failures it waits
// longer, and the first success brings the pace back.

import type { Answer } from './fetch';

const BACKOFF_MAX_MS = 10_000;

export type PollerParts<T> = {
  load: (signal: AbortSignal) => Promise<Answer<T> | null>;
  answered: (answer: Answer<T>) => void;
  visible: () => boolean;
  intervalMs: number;  // 0: once, and again only after a failure
};

export function waitAfter(failures: number, intervalMs: number): number {
  const base = Math.max(intervalMs, 1000);
  return failures === 0 ? intervalMs : Math.min(base * 2 ** (failures - 1), BACKOFF_MAX_MS);
}

export class Poller<T> {
  private readonly abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private loading = false;
  private settled = false;  // a success was had
  private failures = 0;

  constructor(private readonly parts: PollerParts<T>) {}

  start(): void { void this.load(); }

  stop(): void {
    this.abort.abort();
    clearTimeout(this.timer);
  }

  // The tab came to the front: ask at once, unless the answer stays true.
  shown(): void {
    if (this.settled && this.parts.intervalMs === 0) return;
    clearTimeout(this.timer);
    void this.load();
  }

  private async load(): Promise<void> {
    if (this.loading || this.abort.signal.aborted) return;
    this.loading = true;
    const answer = await this.parts.load(this.abort.signal);
    this.loading = false;
    if (answer === null || this.abort.signal.aborted) return;
    this.settled ||= answer.ok;
    this.failures = answer.ok ? 0 : this.failures + 1;
    this.parts.answered(answer);
    this.plan(answer);
  }

  private plan(answer: Answer<T>): void {
    const { intervalMs, visible } = this.parts;
    const final = intervalMs === 0 && (answer.ok || (answer.problem.status >= 400 && answer.problem.status < 429));
    if (final || this.abort.signal.aborted) return;
    this.timer = setTimeout(() => { if (visible()) void this.load(); }, waitAfter(this.failures, intervalMs));
  }
}
