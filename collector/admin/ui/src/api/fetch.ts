// One request to the daemon: a time-out on each, failures as values with a sentence to show.

import { noteVersion } from './version';

export type Problem = {
  kind: 'timeout' | 'unreachable' | 'refused';
  status: number;  // 0 where no answer came
  text: string;
};

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export const TIMEOUT_MS = 8000;

function failed<T>(kind: Problem['kind'], status: number, text: string): Answer<T> {
  return { ok: false, problem: { kind, status, text } };
}

// The daemon says why it refuses in `error`; anything else that answers here is not the daemon.
async function refusal(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    const error = (body as { error?: unknown } | null)?.error;
    if (typeof error === 'string' && error !== '') return error.slice(0, 500);
  } catch { /* no JSON: the status has to do */ }
  return `The daemon answered with status ${response.status}.`;
}

// `path` is relative to the page. Resolves always, except when `signal` aborts: then to null.
export async function getJson<T>(path: string, signal: AbortSignal, timeoutMs = TIMEOUT_MS): Promise<Answer<T> | null> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(path, { signal: AbortSignal.any([signal, timeout]), headers: { accept: 'application/json' } });
    noteVersion(response.headers.get('x-tailrace-version'));
    if (!response.ok) return failed('refused', response.status, await refusal(response));
    return { ok: true, value: (await response.json()) as T };
  } catch (error) {
    if (signal.aborted) return null;
    if (timeout.aborted) return failed('timeout', 0, `The daemon did not answer within ${timeoutMs / 1000} s.`);
    if (error instanceof SyntaxError) return failed('refused', 0, 'The answer is cut short or no JSON.');
    return failed('unreachable', 0, 'The daemon cannot be reached.');
  }
}
