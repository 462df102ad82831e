#include "collector/cli/why_text.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "collector/cli/clock_text.h"
#include "collector/terminal/ansi.h"
#include "collector/terminal/numbers_text.h"
#include "collector/terminal/text_table.h"

namespace tailrace {
namespace {

constexpr size_t kSentenceColumns = 2000;
constexpr size_t kNameColumns = 80;
constexpr size_t kVotesMax = 10'000;

std::string_view StyleOf(const std::string& state) {
  if (state == "kept" || state == "sampled") return ansi::kGreen;
  if (state == "undecided") return ansi::kYellow;
  if (state == "error") return ansi::kRed;
  return ansi::kDim;
}

std::string Words(std::string state) {
  std::replace(state.begin(), state.end(), '_', ' ');
  return FitPrintable(state, kNameColumns);
}

void AppendVotes(const ApiWhyAnswer& answer, size_t columns, bool color, std::string* out) {
  TextTable table({{.title = "POLICY", .columns_max = 32},
                   {.title = "VOTE", .columns_max = 12},
                   {.title = "RULE", .columns_max = 60, .gives_way = true},
                   {.title = "VALUE", .columns_max = 40},
                   {.title = "SPAN", .columns_max = 80}});
  for (const ApiVote& vote : answer.votes) {
    std::string span;
    for (const std::string* part : {&vote.service, &vote.operation, &vote.span_id}) {
      if (!part->empty()) absl::StrAppend(&span, span.empty() ? "" : " ", *part);
    }
    table.AddRow({vote.policy, Words(vote.vote), vote.rule.empty() ? vote.type : vote.rule, vote.value, span},
                 StyleOf(vote.vote));
  }
  for (const std::string& line : table.Lines(columns, kVotesMax, color)) absl::StrAppend(out, line, "\n");
}

void AppendAnswer(const ApiWhyAnswer& answer, size_t columns, bool color, std::string* out) {
  absl::StrAppend(out, "\npipeline ", FitPrintable(answer.pipeline, kNameColumns), ": ");
  ansi::Paint(StyleOf(answer.state), Words(answer.state), color, out);
  if (!answer.remembered.empty()) absl::StrAppend(out, " (remembered: ", Words(answer.remembered), ")");
  if (!answer.policy.empty()) absl::StrAppend(out, " by ", FitPrintable(answer.policy, kNameColumns));
  if (answer.decided_unix_ms.has_value()) absl::StrAppend(out, " at ", DateAndTime(*answer.decided_unix_ms));
  if (answer.deadline_unix_ms.has_value())
    absl::StrAppend(out, ", to be decided at ", DateAndTime(*answer.deadline_unix_ms));
  if (!answer.early.empty()) absl::StrAppend(out, ", early: ", Words(answer.early));
  if (answer.spans > 0) {
    absl::StrAppend(out, ", ", answer.spans, answer.spans == 1 ? " span, " : " spans, ",
                    DurationText(static_cast<uint64_t>(std::clamp(answer.duration_ms, 0.0, 1e12) * 1e6)));
  }
  if (answer.late_spans > 0) absl::StrAppend(out, ", ", answer.late_spans, " late since");
  out->push_back('\n');
  AppendVotes(answer, columns, color, out);
}

}  // namespace

std::string WhyText(const ApiWhy& why, size_t columns, bool color) {
  std::string out;
  ansi::Paint(ansi::kBold, FitPrintable(why.sentence, kSentenceColumns), color, &out);
  out.push_back('\n');
  for (const ApiWhyAnswer& answer : why.answers) {
    if (answer.state != "never_seen") AppendAnswer(answer, columns, color, &out);
  }
  return out;
}

bool IsKnown(const ApiWhy& why) {
  return std::any_of(why.answers.begin(), why.answers.end(), [](const ApiWhyAnswer& answer) {
    return answer.state == "undecided" || answer.state == "kept" || answer.state == "dropped";
  });
}

}  // namespace tailrace
