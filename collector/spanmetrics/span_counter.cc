#include "collector/spanmetrics/span_counter.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "base/hash.h"
#include "base/probing.h"
#include "proto/adjusted_count.h"
#include "proto/service_name.h"
#include "proto/span_events.h"

namespace tailrace {
namespace {

constexpr uint32_t kNone = SeriesRegistry::kNone;
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

void AddDouble(double value, uint64_t* bits) { *bits = std::bit_cast<uint64_t>(std::bit_cast<double>(*bits) + value); }

}  // namespace

SpanCounter::SpanCounter(const SpanMetricsPlan& plan, SeriesRegistry* registry, uint64_t seed)
    : plan_(plan),
      registry_(registry),
      slots_(std::bit_ceil(uint64_t{2} * std::max(registry->series_max(), 8u))),
      words_(uint64_t{registry->series_max()} * plan.words),
      slot_mask_(slots_.size() - 1),
      values_(plan.dimensions, plan.hash_key),
      random_(seed) {
  series_.reserve(words_.size() / plan.words);
}

void SpanCounter::Count(std::string_view request, const ScannedRequest& scanned, int64_t now_ns) {
  if (resource_of_.size() >= kResourceBytesMax) resource_of_.clear();
  here_ = {};
  if (plan_.events) {
    CountEvents(request, scanned, now_ns);
  } else {
    CountSpans(request, scanned, now_ns);
  }
}

void SpanCounter::CountSpans(std::string_view request, const ScannedRequest& scanned, int64_t now_ns) {
  ForEachBrief(request, scanned, [&](const SpanBrief& brief) {
    if (brief.header != here_.header) Enter(request, scanned, brief.header, now_ns);
    if (here_.resource == kNone) return;
    values_.SetSpan(brief.span(request));
    const uint64_t key = values_.KeyOf(OperationKey(brief, request));
    __builtin_prefetch(&slots_[key & slot_mask_]);
    calls_[call_count_++] = {.key = key, .brief = brief};
    if (call_count_ == calls_.size()) RecordCalls(request, scanned, now_ns);
  });
  RecordCalls(request, scanned, now_ns);
}

void SpanCounter::RecordCalls(std::string_view request, const ScannedRequest& scanned, int64_t now_ns) {
  const std::span<Call> calls(calls_.data(), std::exchange(call_count_, 0));
  for (Call& call : calls) {
    call.place = FindPlace(call.key);
    if (call.place == kNone) {
      if (call.brief.header != here_.header) Enter(request, scanned, call.brief.header, now_ns);
      values_.SetSpan(call.brief.span(request));
      call.place = NewPlace(call.key, call.brief, request);
    }
    const uint64_t* words = &words_[uint64_t{call.place} * plan_.words];
    __builtin_prefetch(words, 1);
    if (plan_.words == 2) continue;
    call.bucket = static_cast<uint32_t>(plan_.buckets.Find(call.brief.duration_ns));
    __builtin_prefetch(words + 2 + call.bucket, 1);
  }
  for (const Call& call : calls) Record(call, Weight(call.brief, request));
}

void SpanCounter::CountEvents(std::string_view request, const ScannedRequest& scanned, int64_t now_ns) {
  // What keeps a resource from being forgotten is its spans, also those without events.
  const bool every_span = plan_.config.metrics_expiration.count() != 0;
  ForEachBrief(request, scanned, [&](const SpanBrief& brief) {
    if (!brief.has_events && !every_span) return;
    if (brief.header != here_.header) Enter(request, scanned, brief.header, now_ns);
    if (here_.resource == kNone || !brief.has_events) return;
    const std::string_view span = brief.span(request);
    values_.SetSpan(span);
    too_long_ = UINT64_MAX;
    const uint64_t operation = OperationKey(brief, request);
    const uint64_t weight = Weight(brief, request);
    const uint64_t overflows_before = overflow_spans_;
    ForEachEvent(span, [&](std::string_view event) {
      values_.SetEvent(event);
      Call call{.key = values_.KeyOf(operation), .place = 0, .bucket = 0, .brief = brief};
      call.place = FindPlace(call.key);
      if (call.place == kNone) call.place = NewPlace(call.key, brief, request);
      Record(call, weight);
    });
    overflow_spans_ = std::min(overflow_spans_, overflows_before + 1);
  });
}

void SpanCounter::Enter(std::string_view request, const ScannedRequest& scanned, uint32_t header, int64_t now_ns) {
  here_.header = header;
  const ScopeHeader& of = scanned.headers[header];
  if (of.resource_spans == here_.resource_spans) return;
  here_.resource_spans = of.resource_spans;
  here_.bytes = scanned.Resource(request, of);
  here_.resource = ResourceOf(here_.bytes);
  if (here_.resource == kNone) return;
  resources_[here_.resource].last_seen_ns = now_ns;
  values_.SetResource(here_.bytes);
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

uint64_t SpanCounter::OperationKey(const SpanBrief& brief, std::string_view request) const {
  return plan_.OperationKey(resources_[here_.resource].seed, brief, request);
}

uint32_t SpanCounter::FindPlace(uint64_t key) const {
  for (uint64_t at = key & slot_mask_; slots_[at].key != 0; at = (at + 1) & slot_mask_) {
    if (slots_[at].key == key) return slots_[at].place_plus_1 - 1;
  }
  return kNone;
}

uint32_t SpanCounter::NewPlace(uint64_t key, const SpanBrief& brief, std::string_view request) {
  Resource& of = resources_[here_.resource];
  if (of.sealed || (plan_.events && values_.LabelBytes() >= too_long_)) return Overflow(&of);
  const SeriesRegistry::Answer answer = registry_->FindSeries(of.id, key, [&] { return LabelsOf(brief, request); });
  if (answer.sealed) {
    Seal(&of);
    if (answer.series != kNone) return FindPlace(key);
  }
  if (answer.series == kNone) {
    if (!answer.sealed) too_long_ = values_.LabelBytes();
    return Overflow(&of);
  }
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

SeriesLabels SpanCounter::LabelsOf(const SpanBrief& brief, std::string_view request) const {
  SeriesLabels labels;
  if (plan_.by_service) labels.emplace_back("service.name", ServiceNameOf(here_.bytes));
  if (plan_.by_name) labels.emplace_back("span.name", brief.name(request));
  if (plan_.by_kind) labels.emplace_back("span.kind", kKindNames[brief.kind]);
  if (plan_.by_status) labels.emplace_back("status.code", kStatusNames[brief.status]);
  if (plan_.by_instance) labels.emplace_back("collector.instance.id", plan_.instance_id);
  values_.AppendTo(&labels);
  return labels;
}

uint64_t SpanCounter::Weight(const SpanBrief& brief, std::string_view request) {
  if (!brief.has_trace_state) return 1;
  const uint64_t threshold = SamplingThreshold(TraceStateOf(brief.span(request)));
  if (threshold == 0) return 1;
  return AdjustedCount(threshold, random_.Next());
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
