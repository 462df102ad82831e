// Made-up requests for property tests. One seed, one request. Values; single thread each.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "otlp/trace_service.pb.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {

// Chance that comes from a seed.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  uint64_t Word() { return engine_(); }
  uint64_t Below(uint64_t limit) { return engine_() % limit; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  int64_t Signed() { return static_cast<int64_t>(Word()); }
  // Anything from 0 to all bits set, small ones and the ends more often.
  uint64_t Number();
  std::string Bytes(size_t size);
  std::string Text();  // UTF-8

 private:
  std::mt19937_64 engine_;
};

// A request that any client might have made from messages, every field and every kind of value used now and then.
opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest RandomOtlp(Dice* dice);

// Wire bytes that are a well-formed request and yet of any shape: fields in any order, resources and scopes split in
// pieces and behind the spans, scalars twice, unknown fields everywhere, bad ids, times at both ends, traces
// interleaved. `*spans` is increased by the number of spans.
std::string RandomWire(Dice* dice, uint64_t* spans);

}  // namespace tailrace::testing
