#include "collector/terminal/waterfall_text.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "collector/terminal/ansi.h"
#include "collector/terminal/numbers_text.h"

namespace tailrace {
namespace {

constexpr size_t kMarkColumns = 3;  // "*! "
constexpr size_t kDurationColumns = 9;
constexpr size_t kLevelsIndented = 20;
constexpr size_t kNameColumns = 60;
constexpr size_t kMessageColumns = 120;

std::string NameOf(const WaterfallSpan& span, size_t columns) {
  return span.name.empty() ? FitPrintable("(no name)", columns) : FitPrintable(span.name, columns);
}

std::string ServiceOf(const WaterfallSpan& span, size_t columns) {
  return FitPrintable(span.service.empty() ? "unknown_service" : span.service, columns);
}

// Columns of a line: marks, label, duration, two blanks, bar.
struct Columns {
  size_t label;
  size_t bar;
};

Columns Divide(size_t columns) {
  const size_t rest = columns - std::min(columns, kMarkColumns + kDurationColumns + 2);
  const size_t label = std::clamp<size_t>(rest / 2, std::min<size_t>(16, rest), 64);
  return {label, rest - label};
}

void AppendBar(const WaterfallRow& row, uint64_t total_ns, size_t columns, const WaterfallStyle& style,
               std::string_view color, std::string* out) {
  if (columns == 0) return;
  const double scale = total_ns == 0 ? 0 : static_cast<double>(columns) / static_cast<double>(total_ns);
  const double from = static_cast<double>(row.offset_ns) * scale;
  const double length = static_cast<double>(row.duration_ns) * scale;
  const size_t start = std::min(static_cast<size_t>(from), columns - 1);
  const size_t end = std::clamp(static_cast<size_t>(from + length + 0.5), start + 1, columns);
  std::string bar;
  if (length < 0.25) {
    bar = style.unicode ? "\u258f" : "|";
  } else {
    for (size_t i = start; i < end; ++i) bar += style.unicode ? "\u2588" : "=";
  }
  out->append(start, ' ');
  ansi::Paint(color, bar, style.color, out);
}

void AppendLabel(const WaterfallSpan& span, size_t level, size_t columns, bool color, std::string* out) {
  const size_t indent = std::min({2 * std::min<size_t>(level, kLevelsIndented), columns / 2});
  out->append(indent, ' ');
  const size_t room = columns - indent;
  // The service gets a third of the room where both do not fit.
  const std::string service = ServiceOf(span, room);
  const size_t name_room = std::max(room - std::min(room, DisplayWidth(service) + 2), room - room / 3);
  const std::string name = NameOf(span, name_room);
  ansi::Paint(span.error ? ansi::kRed : ansi::kBold, name, color, out);
  size_t used = indent + DisplayWidth(name);
  if (used + 4 <= columns) {
    const std::string fitted = FitPrintable(service, columns - used - 2);
    out->append("  ");
    ansi::Paint(ansi::ServiceColor(span.service), fitted, color, out);
    used += 2 + DisplayWidth(fitted);
  }
  out->append(columns - std::min(columns, used), ' ');
}

void AppendRow(const WaterfallSpan& span, const WaterfallRow& row, const Waterfall& waterfall,
               const WaterfallStyle& style, std::string* out) {
  const bool bottleneck = waterfall.bottleneck == row.span;
  ansi::Paint(ansi::kYellow, bottleneck ? "*" : " ", style.color && bottleneck, out);
  ansi::Paint(ansi::kRed, span.error ? "!" : " ", style.color && span.error, out);
  out->push_back(' ');
  const Columns columns = Divide(style.columns);
  AppendLabel(span, row.level, columns.label, style.color, out);
  const std::string duration = DurationText(row.duration_ns);
  out->append(kDurationColumns - std::min(kDurationColumns, duration.size()), ' ');
  ansi::Paint(bottleneck ? ansi::kYellow : ansi::kDim, duration, style.color, out);
  out->append("  ");
  AppendBar(row, waterfall.duration_ns, columns.bar, style, span.error ? ansi::kRed : ansi::ServiceColor(span.service),
            out);
  out->push_back('\n');
}

std::string Where(const WaterfallSpan& span) {
  return absl::StrCat(NameOf(span, kNameColumns), " in ", ServiceOf(span, kNameColumns));
}

void AppendRemarks(const std::vector<WaterfallSpan>& spans, const Waterfall& waterfall, bool color, std::string* out) {
  if (waterfall.bottleneck.has_value() && spans.size() > 1) {
    const double share = static_cast<double>(waterfall.bottleneck_ns) / static_cast<double>(waterfall.root_duration_ns);
    ansi::Paint(ansi::kYellow, "bottleneck:", color, out);
    absl::StrAppend(out, " ", Where(spans[*waterfall.bottleneck]), ", by itself ",
                    DurationText(waterfall.bottleneck_ns), " of ", DurationText(waterfall.root_duration_ns), " (",
                    ShareText(share), ")\n");
  }
  if (waterfall.cause.has_value()) {
    const WaterfallSpan& span = spans[*waterfall.cause];
    ansi::Paint(ansi::kRed, "error:", color, out);
    if (!span.status_message.empty())
      absl::StrAppend(out, " '", FitPrintable(span.status_message, kMessageColumns), "'");
    absl::StrAppend(out, " at ", Where(span), "\n");
  }
  if (waterfall.moved > 0) {
    absl::StrAppend(out, "clocks differ: ", waterfall.moved, waterfall.moved == 1 ? " span is" : " spans are",
                    " shown in the middle of the calls that they answer\n");
  }
}

}  // namespace

std::string WaterfallText(const std::vector<WaterfallSpan>& spans, const Waterfall& waterfall,
                          const WaterfallStyle& style) {
  std::string out;
  const size_t shown = std::min(style.rows_max, waterfall.rows.size());
  for (size_t i = 0; i < shown; ++i) {
    AppendRow(spans[waterfall.rows[i].span], waterfall.rows[i], waterfall, style, &out);
  }
  if (shown < waterfall.rows.size()) {
    absl::StrAppend(&out, "   ... and ", waterfall.rows.size() - shown, " more spans\n");
  }
  AppendRemarks(spans, waterfall, style.color, &out);
  return out;
}

}  // namespace tailrace
