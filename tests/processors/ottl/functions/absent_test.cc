// What the Collector has and Tailrace has not is refused by name, with a reason; so is what changes a span.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Absent, RefusedWithAReason) {
  for (const char* call :
       {"ParseXML(name)", "ParseSimplifiedXML(name)", "GetXML(name, \"/a\")", "InsertXML(name, \"/a\", \"b\")",
        "RemoveXML(name, \"/a\")", "ConvertAttributesToElementsXML(name)", "ConvertTextToElementsXML(name)",
        "ExtractGrokPatterns(name, \"%{WORD:a}\")", "UserAgent(name)", "UUID()", "UUIDv7()", "Now()"}) {
    const std::string answer = Ask(std::string(call) + " == nil");
    EXPECT_THAT(answer, StartsWith("refused:")) << call;
    EXPECT_THAT(answer, HasSubstr("is not supported: ")) << call;
  }
}

TEST(Absent, WhatChangesASpanIsNoValue) {
  for (const char* call : {"set(name, \"x\")", "append(attributes[\"list\"], \"x\")", "delete_index(attributes, 0)",
                           "delete_key(attributes, \"s\")", "Append(attributes[\"list\"], \"x\")"}) {
    EXPECT_THAT(Ask(std::string(call) + " == nil"), StartsWith("refused:")) << call;
  }
}

}  // namespace
}  // namespace tailrace::ottl
