// How a metric is read: one small template for each place that a number of a snapshot may stand. Internal to
// telemetry/; metric_list.cc names a member, these find it. Pure.
#pragma once

#include <string>

#include "collector/telemetry/metric_list.h"

namespace tailrace::metric_readers {

template <typename T>
double Number(T value) {
  return static_cast<double>(value);
}

template <auto kMember>
void Of(const Scrape& scrape, Series& series) {
  series.Add({}, Number(scrape.snapshot.*kMember));
}

template <auto kMember>
void OfProcess(const Scrape& scrape, Series& series) {
  series.Add({}, Number(scrape.process.*kMember));
}

template <auto kMember>
void OfConnections(const Scrape& scrape, Series& series) {
  series.Add({}, Number(scrape.snapshot.connections.*kMember));
}

// Labels receiver, transport.
template <auto kMember>
void PerTransport(const Scrape& scrape, Series& series) {
  for (const DaemonSnapshot::Receiver& receiver : scrape.snapshot.receivers) {
    for (size_t i = 0; i < kTransports; ++i) {
      series.Add({receiver.name, kTransportNames[i]}, Number(receiver.transports[i].*kMember));
    }
  }
}

// Label pipeline.
template <auto kMember>
void PerPipeline(const Scrape& scrape, Series& series) {
  for (const PipelineStats& pipeline : scrape.snapshot.pipelines) {
    if constexpr (requires { (pipeline.*kMember).bounds; }) {
      series.Add({pipeline.pipeline}, pipeline.*kMember);
    } else {
      series.Add({pipeline.pipeline}, Number(pipeline.*kMember));
    }
  }
}

// No label: the Collector adds all its tail_sampling processors up. Pipelines without one do not count.
template <auto kMember>
void AllSamplers(const Scrape& scrape, Series& series) {
  for (const PipelineStats& pipeline : scrape.snapshot.pipelines) {
    if (pipeline.processor.empty()) continue;
    if constexpr (requires { (pipeline.*kMember).bounds; }) {
      series.Add({}, pipeline.*kMember);
    } else {
      series.Add({}, Number(pipeline.*kMember));
    }
  }
}

// The Collector's policy label: "<name>.<policy>" where the processor is called tail_sampling/<name>.
inline std::string PolicyLabel(const PipelineStats& pipeline, const PolicyStats& policy) {
  const size_t slash = pipeline.processor.find('/');
  return slash == std::string::npos ? policy.name : pipeline.processor.substr(slash + 1) + "." + policy.name;
}

// Label policy.
template <auto kMember>
void PerPolicy(const Scrape& scrape, Series& series) {
  for (const PipelineStats& pipeline : scrape.snapshot.pipelines) {
    for (const PolicyStats& policy : pipeline.policies) {
      series.Add({PolicyLabel(pipeline, policy)}, Number(policy.*kMember));
    }
  }
}

// Label exporter.
template <auto kMember>
void PerExporter(const Scrape& scrape, Series& series) {
  for (const ExporterStats& exporter : scrape.snapshot.exporters) {
    series.Add({exporter.exporter}, Number(exporter.*kMember));
  }
}

// Labels data_type, exporter.
template <auto kMember>
void PerTracesExporter(const Scrape& scrape, Series& series) {
  for (const ExporterStats& exporter : scrape.snapshot.exporters) {
    series.Add({"traces", exporter.exporter}, Number(exporter.*kMember));
  }
}

}  // namespace tailrace::metric_readers
