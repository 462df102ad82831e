// TraceApiTest: shards with two pipelines, one that keeps errors and slow traces and one that keeps all but one
// service, and the routes about traces over them.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collector/admin/trace_finder.h"
#include "collector/admin/trace_routes.h"
#include "collector/shard/shard.h"
#include "tests/support/filled_buffer.h"
#include "tests/support/manual_clock.h"
#include "tests/support/otlp_builder.h"
#include "tests/support/recording_exporter.h"

namespace tailrace {

using namespace std::chrono_literals;
using simdjson::dom::element;
using testing::OtlpRequest;
using testing::OtlpSpan;

inline constexpr int kError = 2;
inline constexpr uint64_t kMs = 1'000'000;

inline std::string HexId(uint64_t trace) { return TraceId::FromBytes(testing::TestId(16, trace).data()).ToHex(); }

class TraceApiTest : public ::testing::TestWithParam<uint32_t> {
 protected:
  TraceApiTest() {
    // Ahead of the machine's, by which the shards' timers go: none goes off by itself.
    clock_.Advance(std::chrono::nanoseconds(SystemClock().MonotonicNs()) + 1h);
    config_.pipelines = {{.id = "traces", .tail_sampling = 0}, {.id = "traces/all", .tail_sampling = 1}};
    config_.tail_samplings.resize(2);
    config_.tail_samplings[0].policies = {{.name = "errors", .rule = config::StatusCodeConfig{{"ERROR"}}},
                                          {.name = "slow", .rule = config::LatencyConfig{.threshold_ms = 500}}};
    const config::PolicyConfig probe{.name = "probe",
                                     .rule = config::StringAttributeConfig{"service.name", {{.text = "health"}}}};
    config_.tail_samplings[1].policies = {{.name = "all", .rule = config::AlwaysSampleConfig{}},
                                          {.name = "no probes", .rule = config::DropConfig{{probe}}}};
    for (config::TailSamplingConfig& sampling : config_.tail_samplings) sampling.decision_wait = 10s;
  }
  ~TraceApiTest() override {
    for (const auto& shard : shards_) shard->Stop();
  }

  void Start(uint64_t journal_bytes = 4 << 20) {
    Shard::Options options;
    options.shard_count = GetParam();
    options.routes = {{0, 1}};
    options.buffer_bytes = 64 << 20;
    options.block_bytes = 64 << 20;
    options.prefault = false;
    for (uint32_t i = 0; i < config_.pipelines.size(); ++i) {
      ShardPipeline::Options pipeline{.index = i, .exporters = {&exporter_}, .pipeline = &config_.pipelines[i]};
      pipeline.sampling = &config_.tail_samplings[i];
      pipeline.sampler = {.traces_max = 100'000,
                          .sampled_cache_size = 0,
                          .non_sampled_cache_size = 0,
                          .header_bytes_max = 1 << 20,
                          .journal_bytes = journal_bytes,
                          .batch = {4 << 20, 8192}};
      options.pipelines.push_back(pipeline);
    }
    std::vector<Shard*> all;
    for (options.index = 0; options.index < GetParam(); ++options.index) {
      all.push_back(shards_.emplace_back(std::make_unique<Shard>(options, clock_)).get());
    }
    for (Shard* shard : all) shard->Connect(all);
    for (Shard* shard : all) shard->Start();
    finder_ = std::make_unique<TraceFinder>(config_, all, clock_);
    for (AdminRoute& route : TraceRoutes(*finder_)) routes_[route.path] = std::move(route);
  }

  void Send(OtlpRequest request) {
    const std::string bytes = request.Bytes();
    Shard& shard = *shards_[sent_++ % shards_.size()];
    shard.Run([&] {
      const BufferRef buffer = testing::FilledBuffer(shard.buffers(), bytes);
      ASSERT_EQ(shard.Take(buffer, 0, Transport::kGrpc, 0).code, IngestCode::kOk);
    });
    for (const auto& to : shards_) to->Run([&] { to->DrainRings(); });
  }
  void Send(const OtlpSpan& span, const std::string& service = "shop") {
    Send(OtlpRequest().Service(service).Span(span));
  }

  // Everything that waits is decided, a millisecond after whatever was before.
  void Decide() {
    clock_.Advance(1ms);
    for (const auto& shard : shards_) shard->Run([&] { shard->Finish(); });
    clock_.Advance(1ms);
  }

  AdminResponse Ask(const std::string& path, TextMap values, TextMap parameters) {
    return routes_.at(path).handler({.path = path, .values = std::move(values), .parameters = std::move(parameters)});
  }
  // The parsed body, good until the next call.
  element Json(const AdminResponse& response) {
    element parsed;
    EXPECT_EQ(parser_.parse(response.body).get(parsed), simdjson::SUCCESS) << response.body;
    return parsed;
  }
  element List(TextMap parameters) {
    const AdminResponse response = Ask("/api/v1/traces", {}, std::move(parameters));
    EXPECT_EQ(response.status, 200u) << response.body;
    return Json(response);
  }
  element Why(uint64_t trace) { return Json(Ask("/api/v1/why/{id}", {{"id", HexId(trace)}}, {})); }

  // The numbers of the listed traces, in their order.
  static std::vector<uint64_t> Numbers(element list) {
    std::vector<uint64_t> numbers;
    for (const element trace : list["traces"].get_array()) {
      numbers.push_back(std::stoull(std::string(std::string_view(trace["id"])), nullptr, 16));
    }
    return numbers;
  }
  static std::string Text(element at) { return std::string(std::string_view(at)); }

  testing::ManualClock clock_;
  testing::RecordingExporter exporter_;
  config::Config config_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<TraceFinder> finder_;
  std::map<std::string, AdminRoute> routes_;
  simdjson::dom::parser parser_;
  size_t sent_ = 0;
};

}  // namespace tailrace
