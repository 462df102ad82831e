// Configurations for micro-benchmarks, as loading would make them. The policies are those that bench/policies.py gives
// to whole daemons.
#pragma once

#include "config/model.h"

namespace tailrace {

// Those that most people begin with: slow, errors, one per cent of the rest.
config::TailSamplingConfig ThreePolicies();
// Ten that all read attributes of every span: three texts, two numbers, two `and`, three conditions.
config::TailSamplingConfig TenPolicies();

// A spanmetrics connector with the default buckets. `dimension`: and with one attribute to tell series apart by.
config::SpanMetricsConfig MadeConnector(bool dimension);

}  // namespace tailrace
