#include "collector/spanmetrics/exposition.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "collector/spanmetrics/metric_names.h"

namespace tailrace {
namespace {

constexpr std::string_view kTotal = "_total";

// One of the media ranges of an Accept header.
struct Wish {
  MetricsFormat format;
  double quality = 1;
};

std::optional<Wish> WishOf(absl::string_view range) {
  Wish wish{};
  absl::string_view version;
  bool is_type = true;
  for (absl::string_view part : absl::StrSplit(range, ';')) {
    part = absl::StripAsciiWhitespace(part);
    if (std::exchange(is_type, false)) {
      if (absl::EqualsIgnoreCase(part, "application/openmetrics-text")) {
        wish.format = MetricsFormat::kOpenMetrics;
      } else if (absl::EqualsIgnoreCase(part, "text/plain")) {
        wish.format = MetricsFormat::kText;
      } else {
        return std::nullopt;
      }
    } else if (absl::StartsWithIgnoreCase(part, "q=")) {
      if (!absl::SimpleAtod(part.substr(2), &wish.quality)) return std::nullopt;
    } else if (absl::StartsWithIgnoreCase(part, "version=")) {
      version = part.substr(8);
    }
  }
  const bool known = wish.format == MetricsFormat::kText ? version.empty() || version == "0.0.4"
                                                         : version.empty() || version == "1.0.0" || version == "0.0.1";
  return known ? std::optional(wish) : std::nullopt;
}

}  // namespace

MetricsFormat FormatFor(const std::string& accept) {
  Wish best{MetricsFormat::kText, 0};
  for (const absl::string_view range : absl::StrSplit(accept, ',')) {
    const std::optional<Wish> wish = WishOf(range);
    if (wish.has_value() && wish->quality > best.quality) best = *wish;
  }
  return best.format;
}

const char* ContentTypeOf(MetricsFormat format) {
  return format == MetricsFormat::kText ? "text/plain; version=0.0.4; charset=utf-8"
                                        : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

Exposition::Exposition(MetricsFormat format, int64_t wall_ms) : open_metrics_(format == MetricsFormat::kOpenMetrics) {
  if (wall_ms == 0) return;
  stamp_ = open_metrics_ ? " " + Number(static_cast<double>(wall_ms) / 1e3) : absl::StrCat(" ", wall_ms);
}

void Exposition::Describe(std::string_view name, MetricType type, std::string_view help) {
  const bool total = type == MetricType::kCounter && name.ends_with(kTotal);
  // OpenMetrics names a counter without its end; one that has no such end is none to it.
  const std::string_view shown = open_metrics_ && total ? name.substr(0, name.size() - kTotal.size()) : name;
  std::string_view type_name = type == MetricType::kHistogram ? "histogram" : "gauge";
  if (type == MetricType::kCounter) type_name = open_metrics_ && !total ? "unknown" : "counter";
  takes_exemplars_ = open_metrics_ && (total || type == MetricType::kHistogram);
  Append({"# HELP ", shown, " ", help, "\n# TYPE ", shown, " ", type_name, "\n"});
}

void Exposition::Sample(std::string_view name, std::string_view labels, std::string_view value,
                        const Exemplar* exemplar, double divider) {
  Append({name, "{", labels, "} ", value, stamp_});
  if (exemplar != nullptr && takes_exemplars_) {
    Append({" # {span_id=\"", exemplar->span_id, "\",trace_id=\"", exemplar->trace_id, "\"} ",
            Number(static_cast<double>(exemplar->duration_ns) / divider), " ",
            Number(static_cast<double>(exemplar->unix_ms) / 1e3)});
  }
  text_.push_back('\n');
}

std::string Exposition::Number(double value) const { return Bound(GoFloat(value)); }

std::string Exposition::Bound(std::string bound) const {
  if (open_metrics_ && bound.find_first_of("e.nN") == std::string::npos) bound += ".0";
  return bound;
}

std::string Exposition::Finish() {
  if (open_metrics_) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace tailrace
