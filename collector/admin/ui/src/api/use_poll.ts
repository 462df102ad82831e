// The poller as a hook: the last good value stays on screen while a problem lasts.

import { useEffect, useRef, useState } from 'preact/hooks';
import { connection } from './connection';
import { getJson, type Problem } from './fetch';
import { Poller } from './poller';

export type Polled<T> = { value: T | null; problem: Problem | null };

type Held<T> = Polled<T> & { key: string | null };

// Either a path, or what makes the next one.
type Path = string | null | (() => string);

function isHeard(problem: Problem): boolean {
  return problem.kind === 'refused' && problem.status < 500;
}

// `path` null asks for nothing. `intervalMs` 0 loads once. A new `key` (or path) is a new question; `onValue` sees each value first.
export function usePoll<T>(path: Path, intervalMs: number, onValue?: (value: T) => void,
                           key: string | null = typeof path === 'function' ? '' : path): Polled<T> {
  const [held, setHeld] = useState<Held<T>>({ key, value: null, problem: null });
  const latest = useRef({ path, onValue });
  latest.current = { path, onValue };
  useEffect(() => {
    if (key === null) return undefined;
    const poller = new Poller<T>({
      load: (signal) => {
        const { path: next } = latest.current;
        return next === null ? Promise.resolve(null) : getJson<T>(typeof next === 'function' ? next() : next, signal);
      },
      visible: () => document.visibilityState === 'visible',
      intervalMs,
      answered: (answer) => {
        if (answer.ok) {
          connection.set(null);
          latest.current.onValue?.(answer.value);
          setHeld({ key, value: answer.value, problem: null });
        } else {
          connection.set(isHeard(answer.problem) ? null : answer.problem);
          setHeld((last) => ({ key, value: last.key === key ? last.value : null, problem: answer.problem }));
        }
      },
    });
    const shown = () => { if (document.visibilityState === 'visible') poller.shown(); };
    document.addEventListener('visibilitychange', shown);
    poller.start();
    return () => {
      document.removeEventListener('visibilitychange', shown);
      poller.stop();
    };
  }, [key, intervalMs]);
  return held.key === key ? held : { value: null, problem: null };
}
