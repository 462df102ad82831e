#include "collector/exporters/balancing/batch_parts.h"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "proto/run_writer.h"

namespace tailrace {
namespace {

// Kept from batch to batch: its arrays are as large as the largest batch needed.
struct Scratch {
  ScannedRequest scanned;
  std::vector<std::vector<uint32_t>> runs_of;  // by owner
  std::string key;
};

uint32_t CountSpans(const ScannedRequest& scanned, const std::vector<uint32_t>& runs) {
  uint32_t spans = 0;
  for (const uint32_t run : runs) spans += scanned.runs[run].span_count;
  return spans;
}

// By attributes, the spans of a trace in one scope have the owner of the first of them.
class ByScope {
 public:
  template <typename Find>
  uint32_t OwnerOf(const SpanRun& run, Find find) {
    if (run.header != header_) owners_.clear();
    header_ = run.header;
    const auto [entry, is_new] = owners_.try_emplace(std::string(run.trace_id.view()));
    if (is_new) entry->second = find();
    return entry->second;
  }

 private:
  uint32_t header_ = 0;
  std::unordered_map<std::string, uint32_t> owners_;
};

}  // namespace

std::optional<std::vector<OwnedBatch>> SplitByOwner(const ExportBatch& batch, const RoutingTable& table,
                                                    const RoutingKeys& keys) {
  thread_local Scratch scratch;
  const std::string_view request = *batch.payload;
  ScannedRequest& scanned = scratch.scanned;
  if (ScanRequest(request, &scanned) != ScanError::kNone || scanned.span_count != batch.spans) return std::nullopt;
  std::vector<std::vector<uint32_t>>& runs_of = scratch.runs_of;
  runs_of.resize(std::max<size_t>(runs_of.size(), table.owners()));
  for (std::vector<uint32_t>& runs : runs_of) runs.clear();
  ByScope by_scope;
  for (uint32_t i = 0; i < scanned.runs.size(); ++i) {
    const SpanRun& run = scanned.runs[i];
    const uint32_t owner = keys.by_trace_id() ? table.OwnerOf(run.trace_id) : by_scope.OwnerOf(run, [&] {
      return table.OwnerOfKey(keys.KeyOf(request, scanned, run, &scratch.key));
    });
    runs_of[owner].push_back(i);
  }
  const ScannedRuns from = ScannedRuns::All(request, scanned);
  std::vector<OwnedBatch> parts;
  for (uint32_t owner = 0; owner < table.owners(); ++owner) {
    const std::vector<uint32_t>& runs = runs_of[owner];
    if (runs.empty()) continue;
    if (runs.size() == scanned.runs.size()) return {{OwnedBatch{owner, batch}}};
    std::string payload;
    payload.reserve(SizeOfRuns(from, runs));
    AppendRuns(from, runs, &payload);
    const uint32_t spans = CountSpans(scanned, runs);
    parts.push_back({owner,
                     {.payload = std::make_shared<const std::string>(std::move(payload)),
                      .spans = spans,
                      .traces = std::min(batch.traces, spans),
                      .hops = batch.hops}});
  }
  return parts;
}

ExportBatch Together(std::vector<ExportBatch> batches) {
  if (batches.size() == 1) return std::move(batches.front());
  size_t bytes = 0;
  for (const ExportBatch& batch : batches) bytes += batch.payload->size();
  std::string payload;
  payload.reserve(bytes);
  ExportBatch all{.hops = batches.front().hops};
  for (const ExportBatch& batch : batches) {
    payload += *batch.payload;  // a request after a request is a request with what both hold
    all.spans += batch.spans;
    all.traces += batch.traces;
  }
  all.payload = std::make_shared<const std::string>(std::move(payload));
  return all;
}

}  // namespace tailrace
