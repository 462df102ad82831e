// The daemon's answers, field for field as /api/v1/openapi.json describes them. Counts are since the daemon's start; stamps in
// nanoseconds and cursors are strings, because a JavaScript number cannot hold them.

export type Memory = { budget_bytes: number; rss_bytes: number; table_bytes: number; buffer_bytes: number };

export type Status = {
  version: string; instance: string; state: 'starting' | 'ready' | 'stopping';
  started_unix_ms: number; now_unix_ms: number; uptime_s: number; shards: number; cpu_seconds: number;
  memory: Memory;
  accepted_spans: number; refused_spans: number; failed_spans: number; residual_spans: number;
};

export type Counts = Record<string, number>;

export type Transport = {
  transport: string; accepted_spans: number; refused_spans: number; failed_spans: number;
  requests_ok: number; requests_refused: number; requests_failed: number; body_bytes: number;
};

export type Receiver = { id: string; transports: Transport[] };

export type Pipeline = {
  id: string; processor: string | null; receivers: string[]; exporters: string[];
  accepted_spans: number; kept_spans: number; dropped_by_policy_spans: number; dropped_spans: Counts;
  in_ring_spans: number; in_table_spans: number; in_table_traces: number; in_table_bytes: number; in_open_batch_spans: number;
  new_traces: number; sampled_traces: number; not_sampled_traces: number; dropped_traces: number;
  early_traces: Counts; late_sampled_spans: number; late_not_sampled_spans: number;
  decision_lag_ms: { p50: number; p99: number } | null;
};

export type ExporterState = 'healthy' | 'probing' | 'down';

export type Exporter = {
  id: string; server_address: string; state: ExporterState;
  received_spans: number; forwarded_spans: number; dropped_spans: Counts; queued_spans: number; in_flight_spans: number;
  queue_batches: number; queue_bytes: number; queue_full: number;
  requests_ok: number; requests_failed: number; retries: number; splits: number; dead_letter_spans: number;
  oldest_item_s: number; last_error: string;
};

export type LedgerLine = {
  exporter: string; accepted: number; forwarded: number; dropped_by_policy: number; dropped: number;
  in_table: number; queued: number; in_flight: number; residual: number;
};

export type Flow = {
  now_unix_ms: number; memory: Memory; stress: Counts;
  receivers: Receiver[]; pipelines: Pipeline[]; exporters: Exporter[]; ledger: LedgerLine[];
};

export type PolicyCount = {
  name: string; type: string; sampled: number; not_sampled: number; dropped: number; errors: number; cpu_ms: number;
};

export type PipelinePolicies = {
  pipeline: string; processor: string; decision_wait_ms: number; decided_traces: number; kept_traces: number;
  policies: PolicyCount[]; overlap: number[][] | null;
};

export type Policies = { pipelines: PipelinePolicies[] };

export type Config = { yaml: string; warnings: string[] };

export type TraceSummary = {
  cursor: string; id: string; pipeline: string; decision: 'kept' | 'dropped'; policy: string | null; early: string | null;
  decided_unix_ms: number; start_unix_ns: string; duration_ms: number; spans: number; bytes: number;
  services: string[]; root: { service: string; operation: string } | null; error: boolean; has_spans: boolean;
};

export type TracePage = {
  traces: TraceSummary[]; next: string | null; newest: string | null; searched: number; truncated: boolean;
};

export type Vote = {
  policy: string; type: string; vote: 'sampled' | 'not_sampled' | 'dropped' | 'error' | 'not_asked'; rule: string;
  value: string | null; span_id: string | null; service: string | null; operation: string | null;
};

export type WhyAnswer = {
  pipeline: string; state: 'undecided' | 'kept' | 'dropped' | 'forgotten' | 'never_seen'; remembered?: 'kept' | 'dropped';
  deadline_unix_ms: number | null; decided_unix_ms: number | null; early: string | null; policy: string | null;
  spans: number; duration_ms: number; late_spans: number; has_spans: boolean; votes: Vote[];
};

export type Why = { id: string; sentence: string; answers: WhyAnswer[] };

export type BaselineRow = {
  service: string; operation: string; kind: string; calls: number; errors: number;
  total_ms: number; p50_ms: number; p95_ms: number; p99_ms: number;
};

export type BaselineService = {
  service: string; calls: number; errors: number;
  estimated_calls?: number | null; estimate_error_ratio?: number | null;  // where the daemon estimates
};

export type Baselines = {
  now_unix_ms: number; window_s: number; ago_s: number; exact: boolean; error: number; overflow_calls: number; unsketched_calls: number; rows_left_out: number;
  rows: BaselineRow[]; services: BaselineService[];
};
