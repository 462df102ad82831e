#include "tests/simulation/traffic.h"

#include <algorithm>
#include <utility>

#include "tests/support/otlp_builder.h"

namespace tailrace::simulation {
namespace {

using testing::KeyValue;
using testing::OtlpResource;
using testing::OtlpScope;
using testing::OtlpSpan;
using testing::StringValue;
using testing::WireBuilder;

constexpr uint64_t kMs = 1'000'000;
constexpr uint64_t kEpochNs = 1'700'000'000'000 * kMs;
constexpr uint32_t kVariants = 8;  // scopes and shapes of a header for each service

// The id with this hash; different hashes, different ids. The hash multiplies
// its two halves and folds the product: one half is made 2^32, so that the other can be solved for.
TraceId IdOfHash(uint64_t hash, TraceIdHasher hasher) {
  const uint64_t halves[2] = {(uint64_t{1} << 32) ^ hasher.key,
                              (hash << 32 | hash >> 32) ^ 0xD6E8FEB86659FD93ULL ^ (hasher.key >> 1)};
  return TraceId::FromBytes(halves);
}

uint64_t Skewed(Chance* chance, uint64_t usual) {
  switch (chance->Below(5)) {
    case 0:
      return 0;
    case 1:
      return UINT64_MAX - chance->Below(1'000 * kMs);
    case 2:
      return chance->Below(1'000 * kMs);
    case 3:
      return usual - 3'600'000 * kMs;
    default:
      return usual + chance->Below(86'400'000) * kMs;
  }
}

}  // namespace

uint32_t Traffic::NewTrace(Chance* chance) {
  MadeTrace trace;
  const uint32_t number = static_cast<uint32_t>(traces_.size());
  // Colliding: the index goes by the low half, the shard by the upper one.
  const uint64_t low = plan_.colliding ? 7 + chance->Below(2) : chance->Word() & UINT32_MAX;
  trace.id = IdOfHash(chance->Word() << 32 | low, hasher_);
  trace.hash = hasher_(trace.id);
  number_of_.emplace(trace.id.high_word(), number);
  traces_.push_back(std::move(trace));
  return number;
}

uint32_t Traffic::ChooseTrace(Chance* chance) {
  constexpr uint64_t kRecent = 12;
  if (traces_.empty() || chance->Percent(plan_.new_trace)) return NewTrace(chance);
  const uint64_t made = traces_.size();
  if (chance->Percent(plan_.recent_trace)) {
    return static_cast<uint32_t>(made - 1 - chance->Below(std::min(made, kRecent)));
  }
  return static_cast<uint32_t>(chance->Below(made));
}

const MadeSpan* Traffic::ChooseSpan(Chance* chance, uint32_t trace) {
  const std::vector<const MadeSpan*>& made = traces_[trace].spans;
  if (!made.empty() && chance->Percent(plan_.doubled)) return made[chance->Below(made.size())];
  return MakeSpan(chance, trace);
}

const MadeSpan* Traffic::MakeSpan(Chance* chance, uint32_t trace) {
  MadeTrace& of = traces_[trace];
  MadeSpan& span = spans_.emplace_back();
  span.trace = trace;
  span.number = static_cast<uint32_t>(spans_.size());
  span.start_ns = kEpochNs + chance->Below(300) * kMs;
  span.end_ns = span.start_ns + chance->Below(300) * kMs;
  if (chance->Percent(plan_.skewed)) span.start_ns = Skewed(chance, span.start_ns);
  if (chance->Percent(plan_.skewed)) span.end_ns = Skewed(chance, span.end_ns);
  if (chance->OneIn(3)) span.status = static_cast<int>(chance->Below(2));
  if (chance->Percent(plan_.error)) span.status = 2;
  span.has_parent = !chance->Percent(plan_.root);
  if (chance->OneIn(3)) span.tenant = static_cast<int>(chance->Below(6));
  span.bad_id = chance->Percent(plan_.bad_span);

  OtlpSpan wire(of.id.view(), span.bad_id ? std::string(8, '\0') : testing::TestId(8, span.number), "work");
  if (span.has_parent) wire.Parent(span.number + 1);
  wire.Times(span.start_ns, span.end_ns);
  if (span.tenant >= 0) wire.Attribute("tenant", StringValue("tenant-" + std::to_string(span.tenant)));
  if (chance->OneIn(2)) {
    wire.Attribute("filler", StringValue(std::string(chance->Below(plan_.span_bytes_max), 'x')));
  }
  if (span.status >= 0) wire.Status(span.status);
  span.bytes = wire.Bytes();
  if (!span.bad_id) of.spans.push_back(&span);
  return &span;
}

const MadeHeader* Traffic::ChooseHeader(Chance* chance, uint32_t service) {
  const uint32_t variant = static_cast<uint32_t>(chance->Below(kVariants));
  MadeHeader& header = headers_[service * kVariants + variant];
  if (!header.resource.empty()) return &header;
  header.number = service * kVariants + variant;
  header.service = "service-" + std::to_string(service);
  const std::string resource = OtlpResource().Attribute("service.name", StringValue(header.service)).Bytes();
  header.resource_size = resource.size();
  // The shape of the resource's fields goes with the service, so that scopes may share a ResourceSpans.
  WireBuilder resource_fields;
  resource_fields.Bytes(1, resource);
  if (service % 3 == 1) resource_fields.Bytes(3, "https://example.org/schemas/1.2.0");
  header.resource = resource_fields.Bytes();
  header.scope_message = OtlpScope("library-" + std::to_string(variant / 2), "1.0").Bytes();
  WireBuilder rest;
  if (variant % 2 == 1) rest.Bytes(3, "https://example.org/schemas/1.3.0");
  header.scope_rest = rest.Bytes();
  header.scope = WireBuilder().Bytes(1, header.scope_message).Bytes() + header.scope_rest;
  return &header;
}

const MadeRequest& Traffic::Any(Chance* chance) {
  std::vector<std::vector<Scope>> resources;
  uint64_t left = chance->Between(1, plan_.request_spans_max);
  while (left > 0) {
    const uint32_t service =
        plan_.new_service_each ? 1'000 + services_made_++ : static_cast<uint32_t>(chance->Below(plan_.services));
    std::vector<Scope>& scopes = resources.emplace_back();
    for (uint64_t count = chance->Between(1, 2); count > 0 && left > 0; --count) {
      Scope& scope = scopes.emplace_back(Scope{ChooseHeader(chance, service), {}});
      uint32_t trace = ChooseTrace(chance);
      for (uint64_t spans = chance->Between(1, left); spans > 0; --spans, --left) {
        if (chance->OneIn(2)) trace = ChooseTrace(chance);
        scope.spans.push_back(ChooseSpan(chance, trace));
      }
    }
  }
  return Make(resources);
}

const MadeRequest& Traffic::Giant(Chance* chance) {
  const uint32_t trace = ChooseTrace(chance);
  Scope scope{ChooseHeader(chance, static_cast<uint32_t>(chance->Below(plan_.services))), {}};
  for (uint64_t left = chance->Between(20, 120); left > 0; --left) scope.spans.push_back(ChooseSpan(chance, trace));
  return Make({{scope}});
}

const MadeRequest& Traffic::Flood(Chance* chance) {
  Scope scope{ChooseHeader(chance, static_cast<uint32_t>(chance->Below(plan_.services))), {}};
  for (uint64_t left = chance->Between(10, plan_.flood_traces_max); left > 0; --left) {
    scope.spans.push_back(MakeSpan(chance, NewTrace(chance)));
  }
  return Make({{scope}});
}

const MadeRequest& Traffic::Malformed(Chance* chance) {
  MadeRequest& request = requests_.emplace_back();
  request.bytes = Any(chance).bytes;
  request.bytes.resize(request.bytes.size() - chance->Between(1, 8));
  request.malformed = true;
  return request;
}

const MadeRequest& Traffic::Make(const std::vector<std::vector<Scope>>& resources) {
  MadeRequest& request = requests_.emplace_back();
  WireBuilder wire;
  uint32_t resource_number = 0;
  uint32_t scope_number = 0;
  for (const std::vector<Scope>& scopes : resources) {
    std::string resource_spans = scopes.front().header->resource;
    for (const Scope& scope : scopes) {
      WireBuilder scope_spans;
      for (const MadeSpan* span : scope.spans) scope_spans.Bytes(2, span->bytes);
      resource_spans += WireBuilder().Bytes(2, scope.header->scope + scope_spans.Bytes()).Bytes();
      AddRuns(scope, resource_number, scope_number++, &request);
    }
    wire.Bytes(1, resource_spans);
    ++resource_number;
  }
  request.bytes = wire.Bytes();
  return request;
}

void Traffic::AddRuns(const Scope& scope, uint32_t resource, uint32_t scope_number, MadeRequest* request) const {
  MadeRun* run = nullptr;
  for (const MadeSpan* span : scope.spans) {
    if (span->bad_id) {
      ++request->rejected;
      run = nullptr;
      continue;
    }
    if (run == nullptr || run->trace != span->trace) {
      const MadeTrace& trace = traces_[span->trace];
      run = &request->runs.emplace_back(MadeRun{.header = scope.header,
                                                .resource = resource,
                                                .scope = scope_number,
                                                .trace = span->trace,
                                                .id = trace.id,
                                                .hash = trace.hash,
                                                .bytes = 0,
                                                .spans = {}});
    }
    run->bytes += FieldSize(span->bytes.size());
    run->spans.push_back(span);
    ++request->spans;
  }
}

int64_t Traffic::NumberOf(const TraceId& id) const {
  const auto at = number_of_.find(id.high_word());
  return at != number_of_.end() && traces_[at->second].id == id ? int64_t{at->second} : -1;
}

}  // namespace tailrace::simulation
