// Names of OpenTelemetry metrics and attributes as Prometheus has them: the Collector's translation
// "underscore escaping". Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tailrace {

// "service.name" -> "service_name", "1st" -> "key_1st", "_x" -> "key_x"; runs of other characters become one '_'.
// Empty where nothing but underscores would be left.
std::string LabelName(std::string_view attribute);

// "traces.span.metrics.calls" -> "traces_span_metrics_calls_total" for a counter; `unit` is "ms", "s" or empty.
// Without suffixes the unit and _total are left out. `metrics_namespace` goes before it with a '_'.
std::string MetricName(std::string_view metrics_namespace, std::string_view name, std::string_view unit, bool counter,
                       bool suffixes);

// A number as Go's strconv.FormatFloat(value, 'g', -1, 64) writes it, in which Prometheus' clients write bounds: "0.5",
// "1e+06", "+Inf".
std::string GoFloat(double value);

}  // namespace tailrace
