// The golden input (tests/golden/input.jsonl) as the table would hold it: each trace's facts and stored spans.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "processors/policy.h"
#include "proto/batch_size.h"
#include "proto/json_reader.h"
#include "proto/request_scanner.h"
#include "proto/wire_reader.h"

namespace tailrace {

inline std::filesystem::path GoldenFile(const std::string& name) {
  return std::filesystem::path(TAILRACE_SOURCE_DIR) / "tests" / "golden" / name;
}

inline std::string ReadGoldenFile(const std::string& name) {
  std::ifstream file(GoldenFile(name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class ListedSpans final : public TraceSpans {
 public:
  void Add(const StoredSpan& span) { spans_.push_back(span); }
  void Rewind() override { next_ = 0; }
  bool Next(StoredSpan* span) override {
    if (next_ == spans_.size()) return false;
    *span = spans_[next_++];
    return true;
  }

 private:
  std::vector<StoredSpan> spans_;
  size_t next_ = 0;
};

struct GoldenTrace {
  TraceId id;
  TraceFacts facts;
  ListedSpans spans;
};

// What each trace's pieces of one request weigh, resource by resource.
inline void AddSizes(const std::string& request, const ScannedRequest& scanned,
                     std::map<std::string, GoldenTrace>* all) {
  for (size_t from = 0, to = 0; from < scanned.runs.size(); from = to) {
    const uint32_t resource = scanned.headers[scanned.runs[from].header].resource_spans;
    std::map<std::string, BatchSize> sizes;
    for (; to < scanned.runs.size() && scanned.headers[scanned.runs[to].header].resource_spans == resource; ++to) {
      const SpanRun& run = scanned.runs[to];
      const ScopeHeader& header = scanned.headers[run.header];
      sizes.try_emplace(run.trace_id.ToHex(), scanned.Resource(request, header))
          .first->second.Add(run.header, scanned.Scope(request, header),
                             std::string_view(request).substr(run.bytes.offset, run.bytes.size));
    }
    for (const auto& [id, size] : sizes) (*all)[id].facts.bytes += size.Bytes();
  }
}

// By trace id in hex. Loaded once; lives for the whole run.
inline std::map<std::string, GoldenTrace>& GoldenTraces() {
  struct Golden {
    std::deque<std::string> requests;  // the spans point into them
    std::map<std::string, GoldenTrace> traces;
  };
  static auto* const golden = [] {
    auto* made = new Golden;
    std::deque<std::string>* const requests = &made->requests;
    std::map<std::string, GoldenTrace>* const all = &made->traces;
    std::ifstream input(GoldenFile("input.jsonl"));
    ScannedRequest scanned;
    uint32_t headers_before = 0;
    for (std::string line; std::getline(input, line);) {
      std::string& request = requests->emplace_back();
      EXPECT_TRUE(ParseOtlpJson(line, &request).ok());
      EXPECT_EQ(ScanRequest(request, &scanned), ScanError::kNone);
      for (const SpanRun& run : scanned.runs) {
        GoldenTrace& trace = (*all)[run.trace_id.ToHex()];
        trace.id = run.trace_id;
        const std::string_view bytes = std::string_view(request).substr(run.bytes.offset, run.bytes.size);
        AddSpanTimes(bytes, &trace.facts.time);
        trace.facts.seen |= run.seen;
        trace.facts.span_count += run.span_count;
        const ScopeHeader& header = scanned.headers[run.header];
        StoredSpan span;
        span.resource = requests->emplace_back(scanned.Resource(request, header));
        span.scope = requests->emplace_back(scanned.Scope(request, header));
        span.header = headers_before + run.header;
        WireReader reader(bytes);
        while (reader.Next()) {
          span.span = reader.Bytes();
          trace.spans.Add(span);
        }
      }
      AddSizes(request, scanned, all);
      headers_before += static_cast<uint32_t>(scanned.headers.size());
    }
    return made;
  }();
  return golden->traces;
}

}  // namespace tailrace
