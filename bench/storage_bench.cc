// What storage_compression costs: packing one service's piece of a trace as it arrives, and unpacking one when its
// trace is kept. `stored`: the share of its bytes that a piece takes.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/made_requests.h"
#include "collector/shard/span_codec.h"

namespace tailrace {
namespace {

constexpr uint32_t kRequests = 64;

std::vector<std::string> Pieces() {
  std::vector<std::string> pieces;
  for (uint32_t i = 0; i < kRequests; ++i) {
    RequestShape shape = kMadePieces;
    shape.service_begin = i % 4;
    shape.service_end = shape.service_begin + 1;
    shape.first_trace = i * shape.traces;
    const ArrivedRequest request(shape);
    const RunsView view = request.View();
    for (const SpanRun& run : view.runs) pieces.emplace_back(view.spans(run));
  }
  return pieces;
}

config::StorageCompression Compression(const benchmark::State& state) {
  return static_cast<config::StorageCompression>(state.range(0));  // 1: lz4, 2: zstd
}

void Pack(benchmark::State& state) {
  const auto codec = SpanCodec::Make(Compression(state), 0);
  const std::vector<std::string> pieces = Pieces();
  size_t at = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    const std::string& piece = pieces[at++ % pieces.size()];
    benchmark::DoNotOptimize(codec->Pack(piece, static_cast<int64_t>(at) * 50'000).bytes.data());
    bytes += static_cast<int64_t>(piece.size());
  }
  state.SetBytesProcessed(bytes);
  state.counters["stored"] = static_cast<double>(codec->bytes_stored()) / static_cast<double>(codec->bytes_in());
}
BENCHMARK(Pack)->DenseRange(1, 2)->ArgName("compression");

void Unpack(benchmark::State& state) {
  const auto codec = SpanCodec::Make(Compression(state), 0);
  const std::vector<std::string> pieces = Pieces();
  for (const std::string& piece : pieces) codec->Pack(piece, 0);  // so that there is a dictionary
  struct Stored {
    uint32_t dictionary;
    std::string bytes;
    uint32_t size;
  };
  std::vector<Stored> stored;
  for (const std::string& piece : pieces) {
    const PackedPiece packed = codec->Pack(piece, 0);
    stored.push_back({packed.dictionary, std::string(packed.bytes), static_cast<uint32_t>(piece.size())});
  }
  size_t at = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    const Stored& piece = stored[at++ % stored.size()];
    codec->Unpack({piece.dictionary, piece.bytes}, codec->piece_room(), piece.size);
    bytes += piece.size;
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(Unpack)->DenseRange(1, 2)->ArgName("compression");

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();
