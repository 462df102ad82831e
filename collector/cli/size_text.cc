#include "collector/cli/size_text.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collector/terminal/numbers_text.h"
#include "config/values.h"

namespace tailrace {
namespace {

std::string Bytes(double bytes) { return BytesText(bytes); }
std::string Bytes(uint64_t bytes) { return BytesText(static_cast<double>(bytes)); }

void AppendLine(std::string_view name, std::string_view value, std::string_view how, std::string* out) {
  absl::StrAppendFormat(out, "  %-28s %12s   %s", std::string(name), std::string(value), std::string(how));
  out->erase(out->find_last_not_of(' ') + 1);
  out->push_back('\n');
}

bool Compresses(const Traffic& traffic) { return traffic.storage != config::StorageCompression::kNone; }

void AppendMemory(const Traffic& traffic, const SizePlan& plan, std::string* out) {
  const std::string wait = config::FormatDuration(traffic.wait);
  absl::StrAppend(out, "memory of each instance\n");
  AppendLine("open traces", CountText(plan.open_traces),
             absl::StrCat(CountText(plan.spans_per_second), " spans/s / ", traffic.spans_per_trace, " x ", wait), out);
  AppendLine("num_traces", std::to_string(plan.num_traces), absl::StrCat("the same x ", kReserve), out);
  AppendLine("their spans", Bytes(plan.span_bytes),
             absl::StrCat("open traces x (", traffic.spans_per_trace, " x (", traffic.span_bytes,
                          Compresses(traffic) ? absl::StrCat(" x ", CostOf(traffic.storage).bytes_share) : "",
                          " + 8) + 512) x ", kReserve),
             out);
  absl::StrAppend(out, "  the least budget that has room for both, as the daemon divides it:\n");
  for (const MemoryTerm& term : plan.memory.terms) {
    AppendLine(absl::StrCat("  + ", term.name), Bytes(term.bytes * plan.memory.shards), "", out);
  }
  AppendLine("memory_budget_mib", std::to_string(plan.budget_mib), "", out);
  AppendLine("limit of the container", Bytes(plan.process_bytes),
             absl::StrCat("the budget and ", Bytes(kBesideBudgetBytes), " for the process beside it"), out);
}

void AppendRest(const Traffic& traffic, const SizePlan& plan, std::string* out) {
  absl::StrAppend(out, "processors of each instance\n");
  AppendLine("shards", std::to_string(plan.cores),
             absl::StrCat(CountText(plan.spans_per_second), " spans/s / (", CountText(SpansPerCpu(traffic)),
                          " measured a CPU-second", traffic.gzip ? " with gzip" : "",
                          Compresses(traffic) ? absl::StrCat(" and ", CostOf(traffic.storage).word) : "", " x ",
                          kCpuShare, ")"),
             out);
  absl::StrAppend(out, "network of each instance, before compression\n");
  AppendLine("in", Bytes(plan.bytes_in_per_second) + "/s", "", out);
  AppendLine("out, to each backend", Bytes(plan.bytes_out_per_second) + "/s",
             absl::StrCat(ShareText(traffic.kept_share), " kept"), out);
  if (plan.outage_seconds > 0) {
    AppendLine("a backend may be away", DurationText(static_cast<uint64_t>(plan.outage_seconds * 1e9)),
               absl::StrCat("until its queue of ", Bytes(plan.memory.queue_bytes), " in memory is full"), out);
  }
}

}  // namespace

std::string SizeConfig(const Traffic& traffic, const SizePlan& plan) {
  return absl::StrCat(
      "processors:\n  tail_sampling:\n    decision_wait: ", config::FormatDuration(traffic.wait),
      "\n    num_traces: ", plan.num_traces, "\nservice:\n  tailrace:\n    shards: ", plan.cores,
      "\n    memory_budget_mib: ", plan.budget_mib, "\n",
      Compresses(traffic) ? absl::StrCat("    storage_compression: ", CostOf(traffic.storage).word, "\n") : "");
}

std::string SizeText(const Traffic& traffic, const SizePlan& plan) {
  std::string out =
      absl::StrCat("instances: ", plan.instances, ", each for ", CountText(plan.spans_per_second), " spans/s",
                   plan.instances > 1 ? " (all spans of a trace must reach the same one)" : "", "\n\n");
  AppendMemory(traffic, plan, &out);
  AppendRest(traffic, plan, &out);
  absl::StrAppend(&out, "\nconfiguration of each instance:\n\n", SizeConfig(traffic, plan));
  return out;
}

std::string SizeJson(const Traffic& traffic, const SizePlan& plan) {
  std::string terms;
  for (const MemoryTerm& term : plan.memory.terms) {
    absl::StrAppend(&terms, terms.empty() ? "" : ",", "{\"name\":\"", term.name,
                    "\",\"bytes\":", term.bytes * plan.memory.shards, "}");
  }
  return absl::StrFormat(
      "{\"instances\":%d,\"spans_per_second\":%.17g,\"decision_wait_ms\":%d,\"shards\":%d,\"open_traces\":%.17g,"
      "\"num_traces\":%d,\"span_bytes\":%d,\"memory_budget_mib\":%d,\"process_bytes\":%d,\"bytes_in_per_second\":%.17g,"
      "\"bytes_out_per_second\":%.17g,\"outage_seconds\":%.17g,\"terms\":[%s]}\n",
      plan.instances, plan.spans_per_second, traffic.wait.count(), plan.cores, plan.open_traces, plan.num_traces,
      plan.span_bytes, plan.budget_mib, plan.process_bytes, plan.bytes_in_per_second, plan.bytes_out_per_second,
      plan.outage_seconds, terms);
}

}  // namespace tailrace
