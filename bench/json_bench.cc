// How fast OTLP/JSON becomes protobuf: what a JSON body costs before it is one like all others.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "bench/made_requests.h"
#include "proto/json_reader.h"
#include "proto/json_writer.h"

namespace tailrace {
namespace {

// What the receivers' buffers nearly always have, too.
constexpr size_t kRoomBehind = 64;

// A hundred spans, as ScanOneRequest has them. Argument: the size of a span as protobuf.
void ReadOneRequest(benchmark::State& state) {
  RequestShape shape;
  shape.span_bytes = static_cast<uint32_t>(state.range(0));
  const RequestTemplate request = MakeRequest(shape);
  std::string json;
  if (!WriteOtlpJson(request.message(), &json)) state.SkipWithError("not a request");
  json.reserve(json.size() + kRoomBehind);
  JsonReader reader;
  std::string_view wire;
  for (auto _ : state) {
    if (!reader.Parse(json, kRoomBehind, [&](std::string_view bytes) { wire = bytes; }).ok())
      state.SkipWithError("not a request");
    benchmark::DoNotOptimize(wire.data());
  }
  if (std::string again; !WriteOtlpJson(wire, &again) || again != json) state.SkipWithError("another request");
  state.SetItemsProcessed(state.iterations() * request.spans());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(json.size()));
}
BENCHMARK(ReadOneRequest)->Arg(128)->Arg(456)->Arg(2000)->ArgName("span_bytes");

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();
