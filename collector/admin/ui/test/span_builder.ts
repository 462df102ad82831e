// Spans for tests, in a few words.

import type { Span } from '../src/logic/spans';

export function span(id: string, parentId: string, startMs: number, durationMs: number, operation = id, service = 'shop'): Span {
  return {
    id, parentId, service, operation, kind: 'internal', startMs, durationMs, error: false, message: '',
    attributes: [], resource: [], scope: '', events: [], links: [],
  };
}
