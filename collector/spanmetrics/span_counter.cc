#include "collector/spanmetrics/span_counter.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "base/hash.h"
#include "base/probing.h"
#include "collector/spanmetrics/attribute_text.h"
#include "proto/adjusted_count.h"
#include "proto/service_name.h"

namespace tailrace {
namespace {

constexpr uint32_t kNone = SeriesRegistry::kNone;
constexpr uint32_t kUnknown = kNone - 1;  // a header that has not been looked at
// Different bytes of resources that are remembered before all are forgotten and looked up again.
constexpr size_t kResourceBytesMax = 16384;

constexpr const char* kKindNames[kSpanKinds] = {"SPAN_KIND_UNSPECIFIED",
                                                "SPAN_KIND_INTERNAL",
                                                "SPAN_KIND_SERVER",
                                                "SPAN_KIND_CLIENT",
                                                "SPAN_KIND_PRODUCER",
                                                "SPAN_KIND_CONSUMER",
                                                ""};
constexpr const char* kStatusNames[kSpanStatuses] = {"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR", ""};

bool Has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<config::Dimension> DimensionsOf(const config::SpanMetricsConfig& config, SeriesOf what) {
  std::vector<config::Dimension> dimensions = config.dimensions;
  const auto add = [&dimensions](const std::vector<config::Dimension>& more) {
    dimensions.insert(dimensions.end(), more.begin(), more.end());
  };
  if (what == SeriesOf::kCalls) add(config.calls_dimensions);
  if (what == SeriesOf::kDurations) add(config.histogram_dimensions);
  return dimensions;
}

std::vector<uint64_t> BoundsOf(const config::SpanMetricsConfig& config, bool durations) {
  std::vector<uint64_t> bounds;
  if (durations && config.exponential_max_size == 0) {
    for (const config::Duration bound : config.buckets) bounds.push_back(static_cast<uint64_t>(bound.count()));
  }
  return bounds;
}

void AddDouble(double value, uint64_t* bits) { *bits = std::bit_cast<uint64_t>(std::bit_cast<double>(*bits) + value); }

}  // namespace

SpanMetricsPlan::SpanMetricsPlan(const config::SpanMetricsConfig& config_in, SeriesOf what, std::string instance_id_in,
                                 uint64_t key)
    : config(config_in),
      calls(what != SeriesOf::kDurations),
      durations(config.histogram && what != SeriesOf::kCalls),
      dimensions(DimensionsOf(config, what)),
      instance_id(std::move(instance_id_in)),
      hash_key(key),
      by_service(!Has(config.exclude_dimensions, "service.name")),
      by_name(!Has(config.exclude_dimensions, "span.name")),
      by_kind(!Has(config.exclude_dimensions, "span.kind")),
      by_status(!Has(config.exclude_dimensions, "status.code")),
      by_instance(!Has(config.exclude_dimensions, "collector.instance.id")),
      buckets(BoundsOf(config, durations)),
      words(static_cast<uint32_t>(2 + (durations ? buckets.count() : 0))) {}

uint64_t SpanMetricsPlan::SeedOf(uint32_t resource) const {
  return MultiplyFold(hash_key ^ resource, ~uint64_t{resource});
}

uint64_t SpanMetricsPlan::KeyOf(uint64_t seed, const SpanBrief& brief, std::string_view request,
                                std::string_view resource_bytes, std::string* text) const {
  uint64_t key = seed;
  if (by_kind) key += uint64_t{brief.kind} << 8;
  if (by_status) key += brief.status;
  if (by_name) key = HashBytes(brief.name(request), key);
  for (const config::Dimension& dimension : dimensions) {
    text->clear();
    const bool found = AppendDimension(dimension, brief.span(request), resource_bytes, text);
    key = found ? HashBytes(*text, key) : MultiplyFold(key, 0x9E3779B97F4A7C15ULL);
  }
  return key == 0 ? 1 : key;  // 0 is a free slot
}

bool SpanMetricsPlan::AppendDimension(const config::Dimension& dimension, std::string_view span,
                                      std::string_view resource_bytes, std::string* out) {
  auto value = SpanAttribute(span, dimension.name);
  if (!value.has_value()) value = ResourceAttribute(resource_bytes, dimension.name);
  if (value.has_value()) {
    AppendAttributeText(*value, out);
  } else if (dimension.fallback.has_value()) {
    out->append(*dimension.fallback);
  }
  return value.has_value() || dimension.fallback.has_value();
}

SpanCounter::SpanCounter(const SpanMetricsPlan& plan, SeriesRegistry* registry, uint64_t seed)
    : plan_(plan),
      registry_(registry),
      slots_(std::bit_ceil(uint64_t{2} * std::max(registry->series_max(), 8u))),
      words_(uint64_t{registry->series_max()} * plan.words),
      slot_mask_(slots_.size() - 1),
      random_(seed | 1) {
  series_.reserve(words_.size() / plan.words);
}

void SpanCounter::Count(std::string_view request, const ScannedRequest& scanned, int64_t now_ns) {
  if (resource_of_.size() >= kResourceBytesMax) resource_of_.clear();
  header_resources_.assign(scanned.headers.size(), kUnknown);
  ForEachBrief(request, scanned, [&](const SpanBrief& brief) {
    const std::string_view resource_bytes = scanned.Resource(request, scanned.headers[brief.header]);
    uint32_t& resource = header_resources_[brief.header];
    if (resource == kUnknown) {
      resource = ResourceOf(resource_bytes);
      if (resource != kNone) resources_[resource].last_seen_ns = now_ns;
    }
    if (resource == kNone) return;
    const uint64_t key = plan_.KeyOf(resources_[resource].seed, brief, request, resource_bytes, &text_);
    __builtin_prefetch(&slots_[key & slot_mask_]);
    calls_[call_count_++] = {.key = key, .resource = resource, .brief = brief};
    if (call_count_ == calls_.size()) RecordCalls(request, scanned);
  });
  RecordCalls(request, scanned);
}

void SpanCounter::RecordCalls(std::string_view request, const ScannedRequest& scanned) {
  const std::span<Call> calls(calls_.data(), std::exchange(call_count_, 0));
  for (Call& call : calls) {
    const std::string_view resource_bytes = scanned.Resource(request, scanned.headers[call.brief.header]);
    call.place = PlaceOf(call.resource, call.key, call.brief, request, resource_bytes);
    const uint64_t* words = &words_[uint64_t{call.place} * plan_.words];
    __builtin_prefetch(words, 1);
    if (plan_.words == 2) continue;
    call.bucket = static_cast<uint32_t>(plan_.buckets.Find(call.brief.duration_ns));
    __builtin_prefetch(words + 2 + call.bucket, 1);
  }
  for (const Call& call : calls) Record(call, call.brief.has_trace_state ? Weight(call.brief.span(request)) : 1);
}

uint32_t SpanCounter::ResourceOf(std::string_view resource_bytes) {
  const uint64_t hash = HashBytes(resource_bytes, plan_.hash_key);
  if (const auto known = resource_of_.find(hash); known != resource_of_.end()) return known->second;
  const uint32_t id = registry_->FindResource(resource_bytes);
  uint32_t at = kNone;
  if (id != kNone) {
    const bool reuse = !free_resources_.empty();
    const auto place = reuse ? free_resources_.back() : static_cast<uint32_t>(resources_.size());
    const auto [same, is_new] = place_of_id_.emplace(id, place);
    at = same->second;
    if (!is_new) {
      registry_->Release(id);  // it is held already
    } else if (reuse) {
      free_resources_.pop_back();
      resources_[at] = {.id = id, .seed = plan_.SeedOf(id)};
    } else {
      resources_.push_back({.id = id, .seed = plan_.SeedOf(id)});
    }
  }
  resource_of_.emplace(hash, at);
  return at;
}

uint32_t SpanCounter::PlaceOf(uint32_t resource, uint64_t key, const SpanBrief& brief, std::string_view request,
                              std::string_view resource_bytes) {
  for (uint64_t at = key & slot_mask_; slots_[at].key != 0; at = (at + 1) & slot_mask_) {
    if (slots_[at].key == key) return slots_[at].place_plus_1 - 1;
  }
  return NewPlace(resource, key, brief, request, resource_bytes);
}

uint32_t SpanCounter::NewPlace(uint32_t resource, uint64_t key, const SpanBrief& brief, std::string_view request,
                               std::string_view resource_bytes) {
  Resource& of = resources_[resource];
  if (of.sealed) return Overflow(&of);
  const SeriesRegistry::Answer answer =
      registry_->FindSeries(of.id, key, [&] { return LabelsOf(brief, request, resource_bytes); });
  if (answer.sealed) {
    Seal(&of);
    if (answer.series != kNone) return PlaceOf(resource, key, brief, request, resource_bytes);
  }
  if (answer.series == kNone) return Overflow(&of);
  const uint32_t place = AddPlace(answer.series);
  Insert(key, place, &of);
  return place;
}

uint32_t SpanCounter::Overflow(Resource* resource) {
  ++overflow_spans_;
  if (resource->overflow_place == kNone) resource->overflow_place = AddPlace(registry_->OverflowOf(resource->id));
  return resource->overflow_place;
}

// What other shards have brought into the registry is known here too from now on, so that whatever is not known is
// overflow without a look there.
void SpanCounter::Seal(Resource* resource) {
  resource->sealed = true;
  for (const auto& [key, series] : registry_->SeriesOf(resource->id)) {
    uint64_t at = key & slot_mask_;
    while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & slot_mask_;
    if (slots_[at].key == 0) Insert(key, AddPlace(series), resource);
  }
}

uint32_t SpanCounter::AddPlace(uint32_t series) {
  if (!free_places_.empty()) {
    const uint32_t place = free_places_.back();
    free_places_.pop_back();
    series_[place] = series;
    return place;
  }
  series_.push_back(series);
  return static_cast<uint32_t>(series_.size() - 1);
}

void SpanCounter::Insert(uint64_t key, uint32_t place, Resource* resource) {
  resource->series.push_back({key, place});
  uint64_t at = key & slot_mask_;
  while (slots_[at].key != 0) at = (at + 1) & slot_mask_;
  slots_[at] = {key, place + 1};
}

void SpanCounter::Erase(uint64_t key) {
  uint64_t hole = key & slot_mask_;
  while (slots_[hole].key != key) hole = (hole + 1) & slot_mask_;
  CloseHole(
      slots_, slot_mask_, hole, [](const Slot& slot) { return slot.key == 0; },
      [this](const Slot& slot) { return slot.key & slot_mask_; });
}

void SpanCounter::FreePlace(uint32_t place) {
  std::fill_n(&words_[uint64_t{place} * plan_.words], plan_.words, 0);
  series_[place] = kNone;
  free_places_.push_back(place);
}

void SpanCounter::AddLastSeen(absl::flat_hash_map<uint32_t, int64_t>* seen) const {
  for (const Resource& resource : resources_) {
    if (resource.id == kNone) continue;
    const auto [last, is_new] = seen->emplace(resource.id, resource.last_seen_ns);
    if (!is_new) last->second = std::max(last->second, resource.last_seen_ns);
  }
}

void SpanCounter::Forget(const std::vector<uint32_t>& resources, int64_t before_ns) {
  resource_of_.clear();  // those that had to be counted together may find room
  for (const uint32_t id : resources) {
    const auto known = place_of_id_.find(id);
    if (known == place_of_id_.end() || resources_[known->second].last_seen_ns > before_ns) continue;
    Resource& resource = resources_[known->second];
    for (const Held& held : resource.series) {
      Erase(held.key);
      FreePlace(held.place);
    }
    if (resource.overflow_place != kNone) FreePlace(resource.overflow_place);
    resource = {.id = kNone, .seed = 0};
    free_resources_.push_back(known->second);
    place_of_id_.erase(known);
    registry_->Release(id);
  }
}

SeriesLabels SpanCounter::LabelsOf(const SpanBrief& brief, std::string_view request,
                                   std::string_view resource_bytes) const {
  SeriesLabels labels;
  if (plan_.by_service) labels.emplace_back("service.name", ServiceNameOf(resource_bytes));
  if (plan_.by_name) labels.emplace_back("span.name", brief.name(request));
  if (plan_.by_kind) labels.emplace_back("span.kind", kKindNames[brief.kind]);
  if (plan_.by_status) labels.emplace_back("status.code", kStatusNames[brief.status]);
  if (plan_.by_instance) labels.emplace_back("collector.instance.id", plan_.instance_id);
  for (const config::Dimension& dimension : plan_.dimensions) {
    std::string text;
    if (SpanMetricsPlan::AppendDimension(dimension, brief.span(request), resource_bytes, &text)) {
      labels.emplace_back(dimension.name, std::move(text));
    }
  }
  return labels;
}

uint64_t SpanCounter::Weight(std::string_view span) {
  const uint64_t threshold = SamplingThreshold(TraceStateOf(span));
  if (threshold == 0) return 1;
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return AdjustedCount(threshold, random_);
}

void SpanCounter::Record(const Call& call, uint64_t weight) {
  uint64_t* words = &words_[uint64_t{call.place} * plan_.words];
  words[0] += weight;
  AddDouble(static_cast<double>(call.brief.duration_ns) * static_cast<double>(weight), &words[1]);
  if (plan_.words > 2) words[2 + call.bucket] += weight;
}

bool SpanCounter::AddTo(uint32_t from, uint32_t count, std::vector<uint64_t>* sums) const {
  const uint32_t to = static_cast<uint32_t>(std::min<uint64_t>(series_.size(), uint64_t{from} + count));
  for (uint32_t place = from; place < to; ++place) {
    if (series_[place] == kNone) continue;
    const uint64_t* words = &words_[uint64_t{place} * plan_.words];
    const size_t at = uint64_t{series_[place]} * plan_.words;
    if (at + plan_.words > sums->size()) continue;  // newer than the caller's list of series
    (*sums)[at] += words[0];
    AddDouble(std::bit_cast<double>(words[1]), &(*sums)[at + 1]);
    for (uint32_t i = 2; i < plan_.words; ++i) (*sums)[at + i] += words[i];
  }
  return to < series_.size();
}

}  // namespace tailrace
