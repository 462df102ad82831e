// What a view says instead of, or above, its content.

import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/fetch';

export function Loading() {
  return <p class="empty" role="status">Loading …</p>;
}

export function Failure({ problem }: { problem: Problem }) {
  return <p class="empty bad-text" role="alert"><bdi>{problem.text}</bdi></p>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{children}</div>;
}

// Until there is a value: what is in the way.
export function Waiting({ problem }: { problem: Problem | null }) {
  return problem === null ? <Loading /> : <Failure problem={problem} />;
}
