#include "collector/cli/top_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "collector/cli/clock_text.h"
#include "collector/terminal/ansi.h"
#include "collector/terminal/numbers_text.h"
#include "collector/terminal/text_table.h"

namespace tailrace {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Per second; none where the daemon began anew in between.
double Rate(double before, double now, double seconds) {
  return now >= before && seconds > 0 ? (now - before) / seconds : kNone;
}
double Rate(uint64_t before, uint64_t now, double seconds) {
  return now >= before && seconds > 0 ? static_cast<double>(now - before) / seconds : kNone;
}

double Share(double part, double whole) { return whole > 0 ? part / whole : kNone; }

template <class T>
const T* Find(const std::vector<T>& things, const std::string& id) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const T& thing) { return thing.id == id; });
  return found == things.end() ? nullptr : &*found;
}

const ApiPolicy* FindPolicy(const std::vector<ApiPolicy>& policies, const ApiPolicy& wanted) {
  const auto found = std::find_if(policies.begin(), policies.end(), [&](const ApiPolicy& policy) {
    return policy.name == wanted.name && policy.processor == wanted.processor;
  });
  return found == policies.end() ? nullptr : &*found;
}

std::string Milliseconds(double ms) {
  return std::isfinite(ms) ? DurationText(static_cast<uint64_t>(std::clamp(ms, 0.0, 1e12) * 1e6)) : "-";
}

// What the counters say of the daemon as a whole.
struct Totals {
  double seconds = 0;
  double in = 0, out = 0, refused = 0, dropped = 0;  // spans a second
  double kept_share = 0;
  double cpu_share = 0;  // of one processor
  uint64_t open_traces = 0;
  double lag_p50_ms = kNone, lag_p99_ms = kNone;  // of the slowest pipeline
};

Totals TotalsOf(const TopSample& before, const TopSample& now) {
  Totals totals;
  totals.seconds = now.at_s - before.at_s;
  totals.in = Rate(before.status.accepted_spans, now.status.accepted_spans, totals.seconds);
  totals.refused = Rate(before.status.refused_spans + before.status.failed_spans,
                        now.status.refused_spans + now.status.failed_spans, totals.seconds);
  totals.cpu_share = Rate(before.status.cpu_seconds, now.status.cpu_seconds, totals.seconds);
  uint64_t out[2] = {}, dropped[2] = {}, kept[2] = {}, decided[2] = {};
  for (const int at : {0, 1}) {
    const ApiFlow& flow = at == 0 ? before.flow : now.flow;
    for (const ApiExporter& exporter : flow.exporters) {
      out[at] += exporter.forwarded_spans;
      dropped[at] += exporter.dropped_spans;
    }
    for (const ApiPipeline& pipeline : flow.pipelines) {
      kept[at] += pipeline.sampled_traces;
      decided[at] += pipeline.sampled_traces + pipeline.not_sampled_traces + pipeline.dropped_traces;
    }
  }
  totals.out = Rate(out[0], out[1], totals.seconds);
  totals.dropped = Rate(dropped[0], dropped[1], totals.seconds);
  totals.kept_share = Share(Rate(kept[0], kept[1], totals.seconds), Rate(decided[0], decided[1], totals.seconds));
  for (const ApiPipeline& pipeline : now.flow.pipelines) {
    totals.open_traces += pipeline.in_table_traces;
    totals.lag_p50_ms = std::fmax(totals.lag_p50_ms, pipeline.lag_p50_ms.value_or(kNone));
    totals.lag_p99_ms = std::fmax(totals.lag_p99_ms, pipeline.lag_p99_ms.value_or(kNone));
  }
  return totals;
}

double MemoryShare(const ApiMemory& memory) {
  return Share(static_cast<double>(memory.rss_bytes), static_cast<double>(memory.budget_bytes));
}

void AddHead(const TopSample& before, const TopSample& now, const TopSpace& space, std::vector<std::string>* lines) {
  const ApiStatus& status = now.status;
  const Totals totals = TotalsOf(before, now);
  const auto add = [&](const std::string& text, std::string_view style) {
    ansi::Paint(style, FitPrintable(text, space.columns), space.color && !style.empty(), &lines->emplace_back());
  };
  add(absl::StrCat("tailrace ", status.version, "  ", status.instance, "  ", status.state, "  up ",
                   UptimeText(status.uptime_s), "  ", status.shards, status.shards == 1 ? " shard" : " shards", "  ",
                   TimeOfDay(now.flow.now_unix_ms)),
      ansi::kReverse);
  add(absl::StrCat("spans/s in ", CountText(totals.in), "  out ", CountText(totals.out), "  refused ",
                   CountText(totals.refused), "  dropped ", CountText(totals.dropped)),
      totals.refused > 0 || totals.dropped > 0 ? ansi::kYellow : std::string_view());
  add(absl::StrCat("traces open ", totals.open_traces, "  kept ", ShareText(totals.kept_share), "  lag p50 ",
                   Milliseconds(totals.lag_p50_ms), " p99 ", Milliseconds(totals.lag_p99_ms)),
      {});
  const ApiMemory& memory = status.memory;
  add(absl::StrCat("memory ", BytesText(static_cast<double>(memory.rss_bytes)), " of ",
                   BytesText(static_cast<double>(memory.budget_bytes)), " (", ShareText(MemoryShare(memory)),
                   "), traces ", BytesText(static_cast<double>(memory.table_bytes)), ", buffers ",
                   BytesText(static_cast<double>(memory.buffer_bytes)), "  cpu ", ShareText(totals.cpu_share)),
      MemoryShare(memory) > 0.9 ? ansi::kYellow : std::string_view());
  add(absl::StrCat("residual ", status.residual_spans, status.residual_spans == 0 ? "" : ": spans are missing!"),
      status.residual_spans == 0 ? std::string_view() : ansi::kRed);
}

TextTable PolicyTable(const TopSample& before, const TopSample& now) {
  TextTable table({{.title = "POLICY", .columns_max = 48, .gives_way = true},
                   {.title = "TYPE", .columns_max = 20},
                   {.title = "VOTES/S", .right = true},
                   {.title = "KEEPS/S", .right = true},
                   {.title = "SHARE", .right = true},
                   {.title = "ERRORS", .right = true},
                   {.title = "CPU", .right = true}});
  const double seconds = now.at_s - before.at_s;
  const auto votes = [](const ApiPolicy& p) { return p.sampled + p.not_sampled + p.dropped + p.errors; };
  for (const ApiPolicy& policy : now.policies) {
    const ApiPolicy* earlier = FindPolicy(before.policies, policy);
    const ApiPolicy& old = earlier == nullptr ? policy : *earlier;
    const double voted = Rate(votes(old), votes(policy), seconds);
    const double keeps = Rate(old.sampled, policy.sampled, seconds);
    table.AddRow({policy.name, policy.type, CountText(voted), CountText(keeps), ShareText(Share(keeps, voted)),
                  CountText(static_cast<double>(policy.errors)),
                  ShareText(Rate(old.cpu_ms, policy.cpu_ms, seconds) / 1000)});
  }
  return table;
}

std::string_view StateStyle(const std::string& state) {
  if (state == "healthy" || state.empty()) return {};
  return state == "probing" ? ansi::kYellow : ansi::kRed;
}

TextTable ExporterTable(const TopSample& before, const TopSample& now) {
  TextTable table({{.title = "EXPORTER", .columns_max = 32},
                   {.title = "STATE", .columns_max = 12},
                   {.title = "SPANS/S", .right = true},
                   {.title = "DROPPED/S", .right = true},
                   {.title = "QUEUED", .right = true},
                   {.title = "FULL", .right = true},
                   {.title = "LAST ERROR", .columns_max = 100, .gives_way = true}});
  const double seconds = now.at_s - before.at_s;
  for (const ApiExporter& exporter : now.flow.exporters) {
    const ApiExporter* earlier = Find(before.flow.exporters, exporter.id);
    const ApiExporter& old = earlier == nullptr ? exporter : *earlier;
    table.AddRow({exporter.id, exporter.state, CountText(Rate(old.forwarded_spans, exporter.forwarded_spans, seconds)),
                  CountText(Rate(old.dropped_spans, exporter.dropped_spans, seconds)),
                  CountText(static_cast<double>(exporter.queued_spans + exporter.in_flight_spans)),
                  ShareText(exporter.queue_full), exporter.last_error},
                 StateStyle(exporter.state));
  }
  return table;
}

TextTable OperationTable(const ApiBaselines& baselines) {
  TextTable table({{.title = "SERVICE", .columns_max = 28},
                   {.title = "OPERATION", .columns_max = 60, .gives_way = true},
                   {.title = "CALLS/S", .right = true},
                   {.title = "ERRORS", .right = true},
                   {.title = "TIME", .right = true},
                   {.title = "P50", .right = true},
                   {.title = "P95", .right = true},
                   {.title = "P99", .right = true}});
  std::vector<const ApiOperation*> rows;
  double total_ms = 0;
  for (const ApiOperation& row : baselines.rows) {
    rows.push_back(&row);
    total_ms += row.total_ms;
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ApiOperation* a, const ApiOperation* b) { return a->total_ms > b->total_ms; });
  for (const ApiOperation* row : rows) {
    const double calls = static_cast<double>(row->calls);
    table.AddRow({row->service, row->operation, CountText(Share(calls, static_cast<double>(baselines.window_s))),
                  ShareText(Share(static_cast<double>(row->errors), calls)), ShareText(Share(row->total_ms, total_ms)),
                  Milliseconds(row->p50_ms), Milliseconds(row->p95_ms), Milliseconds(row->p99_ms)});
  }
  return table;
}

// An empty line and the table, where at least one row of it fits into `rows`.
void AddTable(const TextTable& table, size_t rows, const TopSpace& space, std::vector<std::string>* lines) {
  if (table.empty() || rows < 3) return;
  lines->emplace_back();
  for (std::string& line : table.Lines(space.columns, rows - 2, space.color)) lines->push_back(std::move(line));
}

}  // namespace

std::vector<std::string> TopLines(const TopSample& before, const TopSample& now, const TopSpace& space) {
  std::vector<std::string> lines;
  AddHead(before, now, space, &lines);
  const auto left = [&] { return space.rows - std::min(space.rows, lines.size()); };
  // Nobody gets so much that the next has nothing: a half, then a half of what is left, then the rest.
  const bool operations = now.baselines.has_value() && !now.baselines->rows.empty();
  AddTable(PolicyTable(before, now), left() / 2, space, &lines);
  AddTable(ExporterTable(before, now), operations ? left() / 2 : left(), space, &lines);
  if (operations) AddTable(OperationTable(*now.baselines), left(), space, &lines);
  lines.resize(std::min(lines.size(), space.rows));
  return lines;
}

std::string TopLine(const TopSample& before, const TopSample& now) {
  const Totals totals = TotalsOf(before, now);
  return absl::StrCat(TimeOfDay(now.flow.now_unix_ms), "  spans/s in ", CountText(totals.in), " out ",
                      CountText(totals.out), " refused ", CountText(totals.refused), " dropped ",
                      CountText(totals.dropped), "  open ", totals.open_traces, "  kept ", ShareText(totals.kept_share),
                      "  lag p99 ", Milliseconds(totals.lag_p99_ms), "  memory ",
                      ShareText(MemoryShare(now.status.memory)), "  residual ", now.status.residual_spans);
}

}  // namespace tailrace
