// Rates out of counters: the daemon counts since its start, the page divides a difference by the time between two answers.

import type { Flow } from '../api/types';

// Null where the counter went back: the daemon restarted in between.
export function rate(now: number | undefined, before: number | undefined, seconds: number): number | null {
  if (now === undefined || before === undefined || seconds <= 0 || now < before) return null;
  return (now - before) / seconds;
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

// A sum of which a part is not known is not known.
export function sum(values: readonly (number | null)[]): number | null {
  let result = 0;
  for (const value of values) {
    if (value === null) return null;
    result += value;
  }
  return result;
}

export type TransportRates = { transport: string; accepted: number | null; refused: number | null; failed: number | null; bytes: number | null };
export type ReceiverRates = { id: string; transports: TransportRates[]; accepted: number | null; bytes: number | null };
export type PipelineRates = {
  accepted: number | null; kept: number | null; droppedByPolicy: number | null; dropped: number | null;
  newTraces: number | null; decidedTraces: number | null; sampledTraces: number | null; early: number | null; late: number | null;
};
export type ExporterRates = { received: number | null; forwarded: number | null; dropped: number | null; retries: number | null };

export type FlowRates = {
  seconds: number;
  receivers: Map<string, ReceiverRates>;
  pipelines: Map<string, PipelineRates>;
  exporters: Map<string, ExporterRates>;
};

function byId<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function receiverRates(now: Flow['receivers'][number], before: Flow['receivers'][number] | undefined, seconds: number): ReceiverRates {
  const transports = now.transports.map((transport) => {
    const old = before?.transports.find((candidate) => candidate.transport === transport.transport);
    return {
      transport: transport.transport,
      accepted: rate(transport.accepted_spans, old?.accepted_spans, seconds),
      refused: rate(transport.refused_spans, old?.refused_spans, seconds),
      failed: rate(transport.failed_spans, old?.failed_spans, seconds),
      bytes: rate(transport.body_bytes, old?.body_bytes, seconds),
    };
  });
  return { id: now.id, transports, accepted: sum(transports.map((t) => t.accepted)), bytes: sum(transports.map((t) => t.bytes)) };
}

function pipelineRates(now: Flow['pipelines'][number], before: Flow['pipelines'][number] | undefined, seconds: number): PipelineRates {
  const of = (pick: (pipeline: Flow['pipelines'][number]) => number) => rate(pick(now), before && pick(before), seconds);
  return {
    accepted: of((p) => p.accepted_spans),
    kept: of((p) => p.kept_spans),
    droppedByPolicy: of((p) => p.dropped_by_policy_spans),
    dropped: of((p) => total(p.dropped_spans)),
    newTraces: of((p) => p.new_traces),
    decidedTraces: of((p) => p.sampled_traces + p.not_sampled_traces + p.dropped_traces),
    sampledTraces: of((p) => p.sampled_traces),
    early: of((p) => total(p.early_traces)),
    late: of((p) => p.late_sampled_spans + p.late_not_sampled_spans),
  };
}

function exporterRates(now: Flow['exporters'][number], before: Flow['exporters'][number] | undefined, seconds: number): ExporterRates {
  return {
    received: rate(now.received_spans, before?.received_spans, seconds),
    forwarded: rate(now.forwarded_spans, before?.forwarded_spans, seconds),
    dropped: rate(total(now.dropped_spans), before && total(before.dropped_spans), seconds),
    retries: rate(now.retries, before?.retries, seconds),
  };
}

export function flowRates(now: Flow, before: Flow | null): FlowRates {
  const seconds = before === null ? 0 : (now.now_unix_ms - before.now_unix_ms) / 1000;
  const old = { receivers: byId(before?.receivers ?? []), pipelines: byId(before?.pipelines ?? []), exporters: byId(before?.exporters ?? []) };
  return {
    seconds,
    receivers: new Map(now.receivers.map((r) => [r.id, receiverRates(r, old.receivers.get(r.id), seconds)])),
    pipelines: new Map(now.pipelines.map((p) => [p.id, pipelineRates(p, old.pipelines.get(p.id), seconds)])),
    exporters: new Map(now.exporters.map((e) => [e.id, exporterRates(e, old.exporters.get(e.id), seconds)])),
  };
}
