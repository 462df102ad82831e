// What an OTTL condition costs beside a lambda written by hand that does the same on the same wire bytes.
#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "processors/ottl/condition.h"
#include "proto/any_value.h"
#include "proto/wire_reader.h"
#include "tests/support/otlp_builder.h"

namespace tailrace {
namespace {

using testing::IntValue;
using testing::OtlpResource;
using testing::OtlpSpan;
using testing::StringValue;

// As a server writes it: six attributes, the one that is asked for in the middle.
std::string MakeSpan() {
  OtlpSpan span(1, 2, "GET /cart/{id}");
  span.Parent(3).Kind(2).Times(1'700'000'000'000'000'000, 1'700'000'000'120'000'000);
  span.Attribute("http.request.method", StringValue("GET")).Attribute("url.path", StringValue("/cart/17"));
  span.Attribute("http.response.status_code", IntValue(200)).Attribute("server.address", StringValue("cart"));
  span.Attribute("thread.id", IntValue(7)).Attribute("user_agent.original", StringValue("curl/8.1"));
  return span.Bytes();
}

std::string MakeResource() {
  OtlpResource resource;
  resource.Attribute("service.name", StringValue("cart")).Attribute("service.version", StringValue("1.4.2"));
  return testing::WireBuilder().Bytes(1, resource.Bytes()).Bytes();
}

// The AnyValue of the first attribute with `key`, in the fields numbered `field`.
std::string_view FindAttribute(std::string_view message, uint32_t field, std::string_view key) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != WireTag(field, kLengthDelimited)) {
      reader.Skip();
      continue;
    }
    const KeyValue pair = ReadKeyValue(reader.Bytes());
    if (pair.key == key) return pair.value;
  }
  return {};
}

bool FailedByHand(std::string_view span, std::string_view) {
  const std::string_view status = FindAttribute(span, 9, "http.response.status_code");
  if (status.data() == nullptr) return false;
  const AnyValue value = ReadAnyValue(status);
  if (value.kind == AnyKind::kDouble) return value.number >= 500;
  return value.kind == AnyKind::kInt && value.integer >= 500;
}

bool SlowByHand(std::string_view span, std::string_view) {
  uint64_t start = 0, end = 0;
  WireReader reader(span);
  while (reader.Next()) {
    switch (reader.tag()) {
      case WireTag(7, kFixed64):
        start = reader.Fixed64();
        break;
      case WireTag(8, kFixed64):
        end = reader.Fixed64();
        break;
      default:
        reader.Skip();
    }
  }
  return static_cast<int64_t>(end - start) > 1'000'000'000;
}

bool NamedByHand(std::string_view span, std::string_view resource) {
  std::string_view name;
  WireReader reader(span);
  while (reader.Next()) {
    if (reader.tag() == WireTag(5, kLengthDelimited)) {
      name = reader.Bytes();
    } else {
      reader.Skip();
    }
  }
  if (name != "GET /cart/{id}") return false;
  WireReader header(resource);
  while (header.Next()) {
    if (header.tag() != WireTag(1, kLengthDelimited)) {
      header.Skip();
      continue;
    }
    const std::string_view service = FindAttribute(header.Bytes(), 1, "service.name");
    if (service.data() != nullptr) return ReadAnyValue(service).bytes == "ledger";
  }
  return false;
}

struct Pair {
  const char* condition;
  bool (*by_hand)(std::string_view span, std::string_view resource);
};
constexpr Pair kPairs[] = {
    {"attributes[\"http.response.status_code\"] >= 500", FailedByHand},
    {"end_time_unix_nano - start_time_unix_nano > 1000000000", SlowByHand},
    {"name == \"GET /cart/{id}\" and resource.attributes[\"service.name\"] == \"ledger\"", NamedByHand},
};

void Condition(benchmark::State& state) {
  const Pair& pair = kPairs[state.range(0)];
  const std::string span = MakeSpan(), resource = MakeResource();
  AttributeKeys keys;
  const auto condition = ottl::Condition::Compile(pair.condition, ottl::Context::kSpan, &keys);
  SpanView view(&keys);
  ottl::Evaluation evaluation;
  evaluation.span = &view;
  for (auto _ : state) {
    view.Begin();
    view.Reset({.span = span, .resource = resource});
    benchmark::DoNotOptimize((*condition)->Test(&evaluation));
  }
  state.SetLabel(pair.condition);
}
BENCHMARK(Condition)->DenseRange(0, std::size(kPairs) - 1);

void ByHand(benchmark::State& state) {
  const Pair& pair = kPairs[state.range(0)];
  const std::string span = MakeSpan(), resource = MakeResource();
  for (auto _ : state) {
    std::string_view of_span = span, of_resource = resource;
    benchmark::DoNotOptimize(of_span);
    benchmark::DoNotOptimize(pair.by_hand(of_span, of_resource));
  }
  state.SetLabel(pair.condition);
}
BENCHMARK(ByHand)->DenseRange(0, std::size(kPairs) - 1);

}  // namespace
}  // namespace tailrace

BENCHMARK_MAIN();
