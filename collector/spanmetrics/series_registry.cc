#include "collector/spanmetrics/series_registry.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "collector/spanmetrics/attribute_text.h"

namespace tailrace {
namespace {

// Of one series: a name of a megabyte is counted, but not shown.
constexpr uint64_t kSeriesBytesMax = 16384;

uint64_t BytesOf(const SeriesLabels& labels) {
  uint64_t bytes = 0;
  for (const auto& [name, value] : labels) bytes += SeriesRegistry::BytesOfLabel(name.size(), value.size());
  return bytes;
}

const std::string* FindLabel(const SeriesLabels& labels, std::string_view name) {
  for (const auto& label : labels) {
    if (label.first == name) return &label.second;
  }
  return nullptr;
}

SeriesLabels SortedAttributes(std::string_view resource_bytes) {
  SeriesLabels attributes = ResourceAttributes(resource_bytes);
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

}  // namespace

SeriesRegistry::SeriesRegistry(const Limits& limits, std::vector<std::string> key_attributes, uint64_t hash_key)
    : limits_(limits), key_attributes_(std::move(key_attributes)), hash_key_(hash_key) {
  resources_.push_back(std::make_unique<Resource>());
  resources_[0]->counted = std::make_shared<const CountedResource>();
  resources_[0]->sealed = true;
}

uint64_t SeriesRegistry::KeyOf(const SeriesLabels& attributes) const {
  uint64_t key = hash_key_;
  for (const auto& [name, value] : attributes) {
    const bool counts = key_attributes_.empty() ||
                        std::find(key_attributes_.begin(), key_attributes_.end(), name) != key_attributes_.end();
    if (counts) key = HashBytes(value, HashBytes(name, key));
  }
  return key;
}

uint32_t SeriesRegistry::FindResource(std::string_view resource_bytes) {
  SeriesLabels attributes = SortedAttributes(resource_bytes);
  const std::string* service = FindLabel(attributes, "service.name");
  if (service == nullptr) return kNone;
  const uint64_t key = KeyOf(attributes);
  const std::lock_guard lock(mutex_);
  if (const auto known = resource_of_.find(key); known != resource_of_.end()) {
    ++resources_[known->second]->holders;
    return known->second;
  }
  auto resource = std::make_unique<Resource>();
  const bool room = resources_.size() - free_resources_.size() <= limits_.resources;
  if (!room || BytesOf(attributes) > kSeriesBytesMax || !TakeBytes(attributes, resource.get())) return 0;
  resource->counted = std::make_shared<const CountedResource>(CountedResource{*service, std::move(attributes)});
  resource->key = key;
  resource->holders = 1;
  auto id = static_cast<uint32_t>(resources_.size());
  if (free_resources_.empty()) {
    resources_.push_back(std::move(resource));
  } else {
    id = free_resources_.back();
    free_resources_.pop_back();
    resources_[id] = std::move(resource);
  }
  resource_of_.emplace(key, id);
  return id;
}

void SeriesRegistry::Release(uint32_t resource) {
  if (resource == 0) return;
  const std::lock_guard lock(mutex_);
  Resource& of = *resources_[resource];
  if (--of.holders != 0) return;
  for (const auto& [key, id] : of.series) {
    series_of_.erase(key);
    FreeSeries(id);
  }
  if (of.overflow != kNone) {
    FreeSeries(of.overflow);
    --overflows_;
  }
  label_bytes_ -= of.label_bytes;
  resource_of_.erase(of.key);
  resources_[resource] = nullptr;
  free_resources_.push_back(resource);
}

SeriesRegistry::Answer SeriesRegistry::FindSeries(uint32_t resource, uint64_t key,
                                                  const std::function<SeriesLabels()>& labels) {
  const std::lock_guard lock(mutex_);
  Resource& of = *resources_[resource];
  if (const auto known = series_of_.find(key); known != series_of_.end()) return {known->second, of.sealed};
  if (limits_.series_of_resource != 0 && of.series.size() >= limits_.series_of_resource) of.sealed = true;
  if (series_.size() - free_series_.size() - overflows_ >= limits_.series) of.sealed = true;
  if (!of.sealed) {
    SeriesLabels made = labels();
    if (BytesOf(made) > kSeriesBytesMax) return {kNone, false};
    if (TakeBytes(made, &of)) {
      const uint32_t id = AddSeries(of, std::move(made));
      series_of_.emplace(key, id);
      of.series.emplace_back(key, id);
      return {id, false};
    }
    of.sealed = true;
  }
  return {kNone, true};
}

uint32_t SeriesRegistry::OverflowOf(uint32_t resource) {
  const std::lock_guard lock(mutex_);
  Resource& of = *resources_[resource];
  if (of.overflow == kNone) {
    of.overflow = AddSeries(of, {{"otel.metric.overflow", "true"}});
    ++overflows_;
  }
  return of.overflow;
}

std::vector<std::pair<uint64_t, uint32_t>> SeriesRegistry::SeriesOf(uint32_t resource) const {
  const std::lock_guard lock(mutex_);
  return resources_[resource]->series;
}

uint32_t SeriesRegistry::KnownResource(std::string_view resource_bytes) const {
  const SeriesLabels attributes = SortedAttributes(resource_bytes);
  if (FindLabel(attributes, "service.name") == nullptr) return kNone;
  const uint64_t key = KeyOf(attributes);
  const std::lock_guard lock(mutex_);
  const auto known = resource_of_.find(key);
  return known == resource_of_.end() ? kNone : known->second;
}

uint32_t SeriesRegistry::KnownSeries(uint64_t key) const {
  const std::lock_guard lock(mutex_);
  const auto known = series_of_.find(key);
  return known == series_of_.end() ? kNone : known->second;
}

std::vector<std::shared_ptr<const CountedSeries>> SeriesRegistry::AllSeries() const {
  const std::lock_guard lock(mutex_);
  return series_;
}

uint64_t SeriesRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return series_.size() - free_series_.size();
}

uint32_t SeriesRegistry::AddSeries(const Resource& resource, SeriesLabels labels) {
  auto series = std::make_shared<const CountedSeries>(CountedSeries{resource.counted, std::move(labels)});
  if (free_series_.empty()) {
    series_.push_back(std::move(series));
    return static_cast<uint32_t>(series_.size() - 1);
  }
  const uint32_t id = free_series_.back();
  free_series_.pop_back();
  series_[id] = std::move(series);
  return id;
}

void SeriesRegistry::FreeSeries(uint32_t series) {
  series_[series] = nullptr;
  free_series_.push_back(series);
}

bool SeriesRegistry::TakeBytes(const SeriesLabels& labels, Resource* resource) {
  const uint64_t bytes = BytesOf(labels);
  if (label_bytes_ + bytes > limits_.label_bytes) return false;
  label_bytes_ += bytes;
  resource->label_bytes += bytes;
  return true;
}

}  // namespace tailrace
