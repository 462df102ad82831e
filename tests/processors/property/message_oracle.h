// What policies say of a trace whose spans are messages that libprotobuf parsed: written once more, as simply as can
// be, to hold the evaluation on wire bytes against.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/model.h"
#include "otlp/trace_service.pb.h"

namespace tailrace::testing {

namespace otlp = opentelemetry::proto;

// A span with what is around it.
struct MessageSpan {
  const otlp::resource::v1::Resource* resource = nullptr;
  const otlp::common::v1::InstrumentationScope* scope = nullptr;
  const otlp::trace::v1::Span* span = nullptr;
};
using MessageTrace = std::vector<MessageSpan>;  // in the order of the request

// A policy and what it must say: true where it samples.
struct OracledPolicy {
  config::PolicyConfig policy;
  std::function<bool(const MessageTrace&)> samples;
};

// Every leaf policy that needs no clock, and OTTL conditions of every kind of operand.
std::vector<OracledPolicy> OracledPolicies();

}  // namespace tailrace::testing
