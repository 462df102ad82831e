#include "processors/policies/string_attribute.h"

#include "proto/any_value.h"

namespace tailrace {

StringAttributeQuestion::StringAttributeQuestion(AttributeKeys* keys, const config::StringAttributeConfig& config)
    : key_(keys->Add(config.key)) {
  if (config.enabled_regex_matching) patterns_ = std::make_unique<PatternList>(config.cache_max_size);
  for (const config::LocatedText& value : config.values) {
    if (patterns_ != nullptr) {
      patterns_->Add(value.text).IgnoreError();
    } else if (!value.text.empty()) {
      texts_.Add(value.text);
    }
  }
}

bool StringAttributeQuestion::Matches(std::string_view text) {
  return patterns_ != nullptr ? patterns_->Matches(text) : texts_.Contains(text);
}

Answer StringAttributeQuestion::Ask(SpanView* span) {
  const auto text_of = [](std::string_view attribute) {
    const AnyValue value = ReadAnyValue(attribute);
    return value.kind == AnyKind::kString ? value.bytes : std::string_view("");
  };
  const bool of_resource = resource_.Get(span, [&](SpanView* at) {
    const std::string_view attribute = at->ResourceAttribute(key_);
    return attribute.data() != nullptr && Matches(text_of(attribute));
  });
  if (of_resource) return Answer::kYes;
  if (const std::string_view attribute = span->SpanAttribute(key_); attribute.data() != nullptr) {
    const std::string_view text = text_of(attribute);
    if (!text.empty() && Matches(text)) return Answer::kYes;
  }
  return Answer::kNo;
}

}  // namespace tailrace
