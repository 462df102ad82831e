// How the metrics of load-balancing exporters are read. Internal to telemetry/; see metric_list.cc. Pure.
#pragma once

#include "collector/telemetry/metric_readers.h"

namespace tailrace::metric_readers {

template <typename Each>
void ForEachRouting(const Scrape& scrape, Each each) {
  for (const ExporterStats& exporter : scrape.snapshot.exporters) {
    if (!exporter.routing.resolver.empty()) each(exporter, exporter.routing);
  }
}

// Labels resolver, success.
inline void Resolutions(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats&, const RoutingStats& routing) {
    series.Add({routing.resolver, "true"}, Number(routing.resolutions_ok));
    series.Add({routing.resolver, "false"}, Number(routing.resolutions_failed));
  });
}

// Label resolver.
inline void Members(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats&, const RoutingStats& routing) {
    series.Add({routing.resolver}, Number(routing.members.size()));
  });
}
inline void MemberUpdates(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats&, const RoutingStats& routing) {
    series.Add({routing.resolver}, Number(routing.member_updates));
  });
}

// Labels endpoint, success.
inline void MemberOutcomes(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats&, const RoutingStats& routing) {
    for (const MemberStats& member : routing.members) {
      series.Add({member.address, "true"}, Number(member.requests_ok));
      series.Add({member.address, "false"}, Number(member.requests_failed));
    }
  });
}

// Labels pipeline, way.
inline void RoutedSpans(const Scrape& scrape, Series& series) {
  for (const PipelineStats& pipeline : scrape.snapshot.pipelines) {
    if (!pipeline.divides) continue;
    series.Add({pipeline.pipeline, "own"}, Number(pipeline.own_spans));
    series.Add({pipeline.pipeline, "forwarded"}, Number(pipeline.kept_spans));
    series.Add({pipeline.pipeline, "arrived"}, Number(pipeline.arrived_spans));
    series.Add({pipeline.pipeline, "disputed"}, Number(pipeline.disputed_spans));
  }
}

// Label exporter.
inline void ReroutedSpans(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats& exporter, const RoutingStats& routing) {
    series.Add({exporter.exporter}, Number(routing.rerouted_spans));
  });
}

// Labels exporter, member.
inline void MemberQueuedSpans(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats& exporter, const RoutingStats& routing) {
    for (const MemberStats& member : routing.members) {
      series.Add({exporter.exporter, member.address}, Number(member.queued_spans));
    }
  });
}

// Labels exporter, member, state.
inline void MemberStates(const Scrape& scrape, Series& series) {
  ForEachRouting(scrape, [&series](const ExporterStats& exporter, const RoutingStats& routing) {
    for (const MemberStats& member : routing.members) {
      for (size_t i = 0; i < kBackendStateNames.size(); ++i) {
        series.Add({exporter.exporter, member.address, kBackendStateNames[i]},
                   Number(static_cast<size_t>(member.state) == i ? 1 : 0));
      }
    }
  });
}

}  // namespace tailrace::metric_readers
