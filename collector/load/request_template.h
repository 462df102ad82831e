// RequestTemplate: one ExportTraceServiceRequest prepared beforehand. Before each sending only trace ids (and,
// uncompressed, the times) are written over in place, so that a request costs the generator a few hundred stores and no
// encoding.
//
// Compressed requests are prepared so that their ids can be written over too: zstd keeps its literals uncompressed;
// gzip comes from an encoder of our own whose literals all have codes of one length (patchable_gzip.h). Their times
// stay those of the preparation.
//
// Single-writer: belongs to one load thread. The bytes may be written over only while no connection still has to send
// them (busy()).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/load/load_options.h"
#include "collector/load/patchable_gzip.h"
#include "collector/load/span_writer.h"

namespace tailrace {

class RequestTemplate {
 public:
  struct Content {
    std::vector<MadeTrace> traces;  // their ids are placeholders
    uint32_t service_begin = 0;     // spans of the services [begin, end) are in this request
    uint32_t service_end = 0;
  };

  // `base_ns`: the time that the compressed forms carry for ever. `grpc`: the body begins with gRPC's five bytes.
  [[nodiscard]] static absl::StatusOr<RequestTemplate> Make(const Content& content, const TrafficShape& shape,
                                                            LoadCompression compression, bool grpc, uint64_t base_ns);

  // Writes the ids of the traces, in the order of Content::traces, and the times.
  void Patch(std::span<const TraceId> ids, uint64_t base_ns);

  std::string_view body() const {
    return compressed_.empty() ? std::string_view(plain_) : std::string_view(compressed_);
  }
  // The protobuf bytes, without gRPC's prefix; for tests and for counting.
  std::string_view message() const { return std::string_view(plain_).substr(prefix_); }
  uint32_t spans() const { return static_cast<uint32_t>(points_.size()); }

  bool busy() const { return busy_; }
  void set_busy(bool busy) { busy_ = busy; }

 private:
  struct PatchPoint {  // of one span; positions in plain_
    uint32_t trace_id;
    uint32_t start;
    uint32_t end;
    uint32_t trace;
    MadeTimes times;
  };

  struct ZstdId {  // where an id stands in compressed_
    uint32_t offset;
    uint32_t trace;
  };

  void AppendMessage(const Content& content, const TrafficShape& shape, std::string* out);
  void PatchPlain(std::span<const TraceId> ids, uint64_t base_ns);
  absl::Status CompressZstd(const Content& content, const std::vector<PatchField>& fields);
  absl::Status FindZstdIds(const Content& content);

  size_t prefix_ = 0;
  std::string plain_;
  std::vector<PatchPoint> points_;
  LoadCompression compression_ = LoadCompression::kNone;
  std::string compressed_;  // with the prefix; empty without compression
  std::vector<ZstdId> zstd_ids_;
  std::unique_ptr<PatchableGzip> gzip_;
  uint64_t prepared_base_ns_ = 0;
  bool busy_ = false;
};

}  // namespace tailrace
