#include "collector/spanmetrics/series_registry.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "collector/spanmetrics/attribute_text.h"

namespace tailrace {
namespace {

constexpr uint64_t kBytesPerLabel = 2 * sizeof(std::string);
// Of one series: a name of a megabyte is counted, but not shown.
constexpr uint64_t kSeriesBytesMax = 16384;

uint64_t BytesOf(const SeriesLabels& labels) {
  uint64_t bytes = 0;
  for (const auto& [name, value] : labels) bytes += kBytesPerLabel + name.size() + value.size();
  return bytes;
}

const std::string* FindLabel(const SeriesLabels& labels, std::string_view name) {
  for (const auto& label : labels) {
    if (label.first == name) return &label.second;
  }
  return nullptr;
}

}  // namespace

SeriesRegistry::SeriesRegistry(const Limits& limits, std::vector<std::string> key_attributes, uint64_t hash_key)
    : limits_(limits), key_attributes_(std::move(key_attributes)), hash_key_(hash_key) {
  resources_.push_back(std::make_unique<Resource>());
  resources_[0]->sealed = true;
}

uint32_t SeriesRegistry::FindResource(std::string_view resource_bytes) {
  SeriesLabels attributes = ResourceAttributes(resource_bytes);
  std::sort(attributes.begin(), attributes.end());
  const std::string* service = FindLabel(attributes, "service.name");
  if (service == nullptr) return kNone;
  uint64_t key = hash_key_;
  for (const auto& [name, value] : attributes) {
    const bool counts = key_attributes_.empty() ||
                        std::find(key_attributes_.begin(), key_attributes_.end(), name) != key_attributes_.end();
    if (counts) key = HashBytes(value, HashBytes(name, key));
  }
  const std::lock_guard lock(mutex_);
  if (const auto known = resource_of_.find(key); known != resource_of_.end()) return known->second;
  if (resources_.size() > limits_.resources || BytesOf(attributes) > kSeriesBytesMax || !TakeBytes(attributes))
    return 0;
  const auto id = static_cast<uint32_t>(resources_.size());
  Resource& resource = *resources_.emplace_back(std::make_unique<Resource>());
  resource.counted = {*service, std::move(attributes)};
  resource_of_.emplace(key, id);
  return id;
}

const CountedResource* SeriesRegistry::resource(uint32_t id) const {
  const std::lock_guard lock(mutex_);
  return &resources_[id]->counted;
}

SeriesRegistry::Answer SeriesRegistry::FindSeries(uint32_t resource, uint64_t key,
                                                  const std::function<SeriesLabels()>& labels) {
  const std::lock_guard lock(mutex_);
  Resource& of = *resources_[resource];
  if (const auto known = series_of_.find(key); known != series_of_.end()) return {known->second, of.sealed};
  if (limits_.series_of_resource != 0 && of.series.size() >= limits_.series_of_resource) of.sealed = true;
  if (series_.size() - overflows_ >= limits_.series) of.sealed = true;
  if (!of.sealed) {
    SeriesLabels made = labels();
    if (BytesOf(made) > kSeriesBytesMax) return {kNone, false};
    if (TakeBytes(made)) {
      const uint32_t id = AddSeries(&of.counted, std::move(made));
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
    of.overflow = AddSeries(&of.counted, {{"otel.metric.overflow", "true"}});
    ++overflows_;
  }
  return of.overflow;
}

std::vector<std::pair<uint64_t, uint32_t>> SeriesRegistry::SeriesOf(uint32_t resource) const {
  const std::lock_guard lock(mutex_);
  return resources_[resource]->series;
}

std::vector<const CountedSeries*> SeriesRegistry::AllSeries() const {
  const std::lock_guard lock(mutex_);
  std::vector<const CountedSeries*> all;
  all.reserve(series_.size());
  for (const auto& series : series_) all.push_back(series.get());
  return all;
}

uint64_t SeriesRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return series_.size();
}

uint32_t SeriesRegistry::AddSeries(const CountedResource* resource, SeriesLabels labels) {
  series_.push_back(std::make_unique<const CountedSeries>(CountedSeries{resource, std::move(labels)}));
  return static_cast<uint32_t>(series_.size() - 1);
}

bool SeriesRegistry::TakeBytes(const SeriesLabels& labels) {
  const uint64_t bytes = BytesOf(labels);
  if (label_bytes_ + bytes > limits_.label_bytes) return false;
  label_bytes_ += bytes;
  return true;
}

}  // namespace tailrace
