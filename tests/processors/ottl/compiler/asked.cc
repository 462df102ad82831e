#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {

using namespace tailrace::testing;
using tailrace::testing::KeyValue;  // the bytes, not the view of proto/any_value.h

Scene::Scene() {
  OtlpEvent shown(1'500'000'000, "retry");
  shown.Attribute("n", IntValue(3)).DroppedAttributes(4);
  event = shown.Bytes();
  OtlpSpan built(0xABCD, 7, "GET /cart");
  built.Parent(3).TraceState("vendor=alpha, other=b").Kind(2).Times(1'000'000'000, 2'500'000'000).Flags(257);
  built.Attribute("i", IntValue(5))
      .Attribute("d", DoubleValue(1.5))
      .Attribute("s", StringValue("text"))
      .Attribute("b", BoolValue(true))
      .Attribute("bytes", BytesValue(std::string_view("\0\1", 2)))
      .Attribute("no bytes", BytesValue(""))
      .Attribute("nothing", "")
      .Attribute("key", StringValue("i"))
      .Attribute("list", ArrayValue(StringValue("a"), IntValue(2), ArrayValue(DoubleValue(0.5))))
      .Attribute("map", MapValue(KeyValue("k", StringValue("v")), KeyValue("n", IntValue(1)),
                                 KeyValue("in", MapValue(KeyValue("x", BoolValue(false))))))
      .DroppedAttributes(1);
  built.Event(shown).Event(OtlpEvent(2, "other")).DroppedEvents(2).Link(OtlpLink(TestId(16, 1), TestId(8, 2)));
  built.DroppedLinks(3).Status(2, "it broke");
  span = built.Bytes();
  OtlpResource around;
  around.Attribute("service.name", StringValue("cart")).DroppedAttributes(5);
  resource = WireBuilder().Bytes(1, around.Bytes()).Bytes(3, "urn:resource").Bytes();
  OtlpScope library("lib", "1.2");
  library.Attribute("mode", StringValue("auto")).DroppedAttributes(6);
  scope = WireBuilder().Bytes(1, library.Bytes()).Bytes(3, "urn:scope").Bytes();
}

std::string Scene::Ask(std::string_view condition, Context context) const {
  AttributeKeys keys;
  const auto compiled = Condition::Compile(condition, context, &keys);
  if (!compiled.ok()) return "refused: " + std::string(compiled.status().message());
  SpanView view(&keys);
  view.Begin();
  view.Reset({span, resource, scope, 0});
  view.SetEvent(event, 0);
  Evaluation evaluation;
  evaluation.span = &view;
  const Answer answer = (*compiled)->Test(&evaluation);
  if (answer == Answer::kError) return "error: " + evaluation.error;
  return answer == Answer::kYes ? "yes" : "no";
}

std::string Ask(std::string_view condition, Context context) { return Scene().Ask(condition, context); }

}  // namespace tailrace::ottl
