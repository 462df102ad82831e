// Any text as an OTTL condition, asked of a span of every kind of value whose attribute "x" is the input's too. The
// first byte's lowest bit: of spans or of span events; the second is the size of "x", which follows; the rest is the
// condition.
//
// What compiles answers the same twice, and in brackets, and the opposite behind `not`; what does not says where and
// why.
#include <algorithm>
#include <memory>

#include "absl/status/statusor.h"
#include "processors/ottl/condition.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::testing {
namespace {

using ottl::Condition;
using ottl::Context;

// Below these, brackets around a condition do not meet a limit that the condition itself did not.
constexpr size_t kTextMax = 4096;
constexpr auto kNestedMax = 100;

struct Asked {
  bool compiled = false;
  Answer answer = Answer::kNo;
  Answer again = Answer::kNo;
  std::string error;  // of compiling, or of the evaluation
};

Asked Ask(const std::string& text, Context context, const ottl::Scene& scene) {
  Asked asked;
  AttributeKeys keys;
  const auto condition = Condition::Compile(text, context, &keys);
  if (!condition.ok()) {
    asked.error = std::string(condition.status().message());
    return asked;
  }
  asked.compiled = true;
  SpanView view(&keys);
  view.Begin();
  view.Reset({scene.span, scene.resource, scene.scope, 0});
  view.SetEvent(scene.event, 0);
  ottl::Evaluation evaluation;
  evaluation.span = &view;
  asked.answer = (*condition)->Test(&evaluation);
  if (asked.answer == Answer::kError) asked.error = evaluation.error;
  asked.again = (*condition)->Test(&evaluation);
  return asked;
}

Answer Opposite(Answer answer) {
  if (answer == Answer::kError) return answer;
  return answer == Answer::kYes ? Answer::kNo : Answer::kYes;
}

}  // namespace
}  // namespace tailrace::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  if (size < 2) return 0;
  const Context context = data[0] % 2 == 0 ? Context::kSpan : Context::kSpanEvent;
  const std::string_view x = AsText(data + 2, std::min<size_t>(data[1], size - 2));
  const std::string text(AsText(data + 2 + x.size(), size - 2 - x.size()));
  ottl::Scene scene;
  for (std::string* message : {&scene.span, &scene.event}) {
    const std::string attribute = testing::KeyValue("x", StringValue(x));
    message->append(WireBuilder().Bytes(message == &scene.span ? 9 : 3, attribute).Bytes());
  }
  const Asked asked = Ask(text, context, scene);
  if (!asked.compiled) {
    Require(!asked.error.empty(), "a refusal has its text");
    return 0;
  }
  Require(asked.answer != Answer::kError || !asked.error.empty(), "an error has its text");
  Require(asked.answer == asked.again, "the same question has the same answer", text);
  if (text.size() > kTextMax || std::count(text.begin(), text.end(), '(') > kNestedMax) return 0;
  const Asked opposite = Ask("not (" + text + ")", context, scene);
  Require(opposite.compiled && opposite.answer == Opposite(asked.answer), "not is the opposite", text);
  const Asked in_brackets = Ask("(" + text + ") and true", context, scene);
  Require(in_brackets.compiled && in_brackets.answer == asked.answer, "brackets change nothing", text);
  return 0;
}
