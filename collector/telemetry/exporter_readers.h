// How the metrics of exporters are read that are more than one member of their counts. Internal to telemetry/; see
// metric_list.cc. Pure.
#pragma once

#include <numeric>

#include "collector/telemetry/metric_readers.h"

namespace tailrace::metric_readers {

inline void SentSpans(const Scrape& scrape, Series& series) {
  for (const ExporterStats& e : scrape.snapshot.exporters) {
    series.Add({e.exporter, e.server_address, e.server_port}, Number(e.forwarded_spans));
  }
}

inline void EnqueueFailedSpans(const Scrape& scrape, Series& series) {
  for (const ExporterStats& e : scrape.snapshot.exporters) {
    series.Add({"traces", e.exporter}, Number(e.dropped_spans[static_cast<size_t>(DropReason::kQueueFull)]));
  }
}

inline void SendFailedSpans(const Scrape& scrape, Series& series) {
  for (const ExporterStats& e : scrape.snapshot.exporters) {
    const uint64_t all = std::accumulate(e.dropped_spans.begin(), e.dropped_spans.end(), uint64_t{0});
    const uint64_t never_queued = e.dropped_spans[static_cast<size_t>(DropReason::kQueueFull)];
    series.Add({e.exporter, e.server_address, e.server_port}, Number(all - never_queued));
  }
}

inline void ExporterStates(const Scrape& scrape, Series& series) {
  for (const ExporterStats& e : scrape.snapshot.exporters) {
    for (size_t i = 0; i < kBackendStateNames.size(); ++i) {
      series.Add({e.exporter, kBackendStateNames[i]}, Number(static_cast<size_t>(e.state) == i ? 1 : 0));
    }
  }
}

inline void DeadLetterSpans(const Scrape& scrape, Series& series) {
  for (const ExporterStats& e : scrape.snapshot.exporters) {
    series.Add({e.exporter, "written"}, Number(e.dead_letter_spans));
    series.Add({e.exporter, "failed"}, Number(e.dead_letter_failed_spans));
  }
}

inline void ExporterRequests(const Scrape& scrape, Series& series) {
  for (const ExporterStats& e : scrape.snapshot.exporters) {
    series.Add({e.exporter, "ok"}, Number(e.requests_ok));
    series.Add({e.exporter, "failed"}, Number(e.requests_failed));
  }
}

}  // namespace tailrace::metric_readers
