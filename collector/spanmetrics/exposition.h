// Exposition: the text in which a scraper reads metrics: Prometheus' text format 0.0.4, or OpenMetrics 1.0.0, which has
// a place for exemplars. Both as the Go client library writes them. Single-threaded.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "collector/spanmetrics/exemplars.h"

namespace tailrace {

enum class MetricsFormat : uint8_t { kText, kOpenMetrics };

// What a scraper with this Accept header wants most, of the two. Without a header, or with none of them in it: text.
MetricsFormat FormatFor(const std::string& accept);
const char* ContentTypeOf(MetricsFormat format);

enum class MetricType : uint8_t { kCounter, kGauge, kHistogram };

class Exposition {
 public:
  // `wall_ms`: goes behind each sample; 0: nothing does.
  Exposition(MetricsFormat format, int64_t wall_ms);

  // Before a metric's samples. `name`: as its samples have it, a counter's with _total.
  void Describe(std::string_view name, MetricType type, std::string_view help);
  // `labels`: what stands between the braces. `exemplar` may be null, and is left out where the format, or a metric of
  // unknown type, has no place for it; `divider`: from nanoseconds to the metric's unit.
  void Sample(std::string_view name, std::string_view labels, std::string_view value,
              const Exemplar* exemplar = nullptr, double divider = 1);

  // Numbers as the format has them: counts of observations stay whole, all others have a point in OpenMetrics.
  std::string Number(double value) const;
  std::string Bound(std::string bound) const;  // of a bucket, as GoFloat() gives it

  // The page; nothing may follow.
  std::string Finish();

 private:
  void Append(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) text_.append(part);
  }

  const bool open_metrics_;
  std::string stamp_;
  bool takes_exemplars_ = false;  // the metric at hand
  std::string text_;
};

}  // namespace tailrace
