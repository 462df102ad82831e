// Hexadecimal, base64, character sets, and Format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

using ::testing::StartsWith;

void AllHold(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_EQ(Ask(condition), "yes") << condition;
}
void AllFail(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_THAT(Ask(condition), StartsWith("error:")) << condition;
}
void AllRefused(std::initializer_list<const char*> conditions) {
  for (const char* condition : conditions) EXPECT_THAT(Ask(condition), StartsWith("refused:")) << condition;
}

TEST(Encodings, Hex) {
  AllHold({"Hex(\"abc\") == \"616263\"",
           "Hex(attributes[\"bytes\"]) == \"0001\" and Hex(attributes[\"missing\"]) == \"\"",
           "Hex(5) == \"0000000000000005\" and Hex(true) == \"01\"", "Hex(1.5) == \"3ff8000000000000\""});
  AllFail({"Hex(attributes[\"map\"]) == \"\"", "Hex(attributes[\"list\"]) == \"\"", "Hex(trace_id) == \"\""});
}

TEST(Encodings, Base64) {
  AllHold({"Base64Encode(\"hello\") == \"aGVsbG8=\" and Base64Encode(\"\") == \"\"",
           "Base64Encode(\"hello\", \"base64-raw\") == \"aGVsbG8\"",
           "Base64Encode(\"~~~?\", \"base64-url\") == \"fn5-Pw==\"",
           "Base64Encode(\"~~~???\", variant=\"base64-raw-url\") == \"fn5-Pz8_\"",
           "Decode(\"aGVsbG8=\", \"base64\") == \"hello\" and Decode(\"aGVsbG8\", \"base64-raw\") == \"hello\"",
           "Decode(\"fn5-Pz8_\", \"base64-url\") == \"~~~???\"", "Decode(\"aGVs\\nbG8=\", \"base64\") == \"hello\"",
           "Decode(\"YR==\", \"base64\") == \"a\""});
  AllFail({"Decode(\"aGVsbG8\", \"base64\") == nil", "Decode(\"aGVsbG8=\", \"base64-raw\") == nil",
           "Decode(\"fn5-\", \"base64\") == nil", "Decode(\"aGVs bG8=\", \"base64\") == nil",
           "Decode(\"aGVsbG8=x\", \"base64\") == nil", "Decode(\"=\", \"base64\") == nil",
           "Base64Encode(\"x\", \"nope\") == nil", "Base64Encode(attributes[\"bytes\"]) == nil"});
}

TEST(Encodings, CharacterSets) {
  AllHold({"Decode(0x48c3a9ff, \"utf-8\") == \"Hé\xEF\xBF\xBD\"", "Decode(0x48c3a9, \"iso-8859-1\") == \"HÃ©\"",
           "Decode(0x48c3a9, \"ascii\") == \"Hé\"", "Decode(0x80e9, \"windows-1252\") == \"€é\"",
           "Decode(0xa4, \"ISO-8859-15\") == \"€\" and Decode(0x80, \"iso-8859-15\") == \"\xEF\xBF\xBD\"",
           "Decode(0x48006900, \"utf-16\") == \"Hi\" and Decode(0x00480069, \"utf-16be\") == \"Hi\"",
           "Decode(0x3dd800de, \"utf-16le\") == \"\U0001F600\" and Decode(0x3dd84100, \"utf-16le\") == \"\xEF\xBF\xBD"
           "A\"",
           "Decode(0x4800ff, \"utf16\") == \"H\xEF\xBF\xBD\"", "Decode(0x82a0, \"shift_jis\") == \"あ\"",
           "Decode(0xc6, \"macintosh\") == \"∆\" and Decode(0xae, \"koi8-u\") == \"ў\"",
           "Hex(Decode(0x48ff, \"nop\")) == \"48ff\" and Hex(Decode(0x48ff, \"utf8-raw\")) == \"48ff\""});
  AllRefused({"Decode(name, \"nonsense\") == nil", "Decode(name, \"cp1252\") == nil", "Decode(name, nil) == nil",
              "Decode(name, \"utf-8//ignore\") == nil", "Decode(name, \"wchar_t\") == nil"});
  AllFail({"Decode(name, attributes[\"s\"]) == nil", "Decode(attributes[\"i\"], \"base64\") == nil",
           "Decode(attributes[\"missing\"], \"utf-8\") == nil", "Decode(attributes[\"list\"], \"utf-8\") == nil"});
}

TEST(Formats, TextAndNumbers) {
  AllHold({"Format(\"%s is %d%%\", [name, 5]) == \"GET /cart is 5%\"",
           "Format(\"%5d|%-5d|%05d|%+d\", [1, 2, 3, 4]) == "
           "\"    1|2    |00003|+4\"",
           "Format(\"%x|%#X|%o|%b|%c|%U\", [255, 255, 8, 5, 65, 8364]) == \"ff|0XFF|10|101|A|U+20AC\"",
           "Format(\"%#08x|%.3d\", [255, 5]) == \"0x000000ff|005\"",
           "Format(\"%f|%.2f|%e|%g|%v\", [1.5, 1.255, 1500.0, 1000000.0, 100000.0]) == "
           "\"1.500000|1.25|1.500000e+03|1e+06|100000\"",
           "Format(\"%10.2s|%-4s|%q|%+q|%x\", [\"hello\", \"a\", \"é\", \"é\", \"hi\"]) == "
           "\"        he|a   |\\\"é\\\"|\\\"\\\\u00e9\\\"|6869\"",
           "Format(\"%t %v %v\", [true, nil, [1, \"a\"]]) == \"true <nil> [1 a]\"",
           "Format(\"%v %s\", [Duration(\"90m\"), Duration(\"1500ns\")]) == \"1h30m0s 1.5µs\"",
           "Format(\"%v|%x\", [attributes[\"bytes\"], attributes[\"bytes\"]]) == \"[0 1]|0001\""});
}

TEST(Formats, WhatDoesNotFit) {
  AllHold({"Format(\"%d\", [\"x\"]) == \"%!d(string=x)\"", "Format(\"%d %d\", [1]) == \"1 %!d(MISSING)\"",
           "Format(\"%d\", [1, 2]) == \"1%!(EXTRA int64=2)\"", "Format(\"100%\", []) == \"100%!(NOVERB)\"",
           "Format(\"%[2]d %[1]d\", [1, 2]) == \"2 1\"", "Format(\"%[3]d\", [1]) == \"%!d(BADINDEX)\"",
           "Format(\"%*d\", [5, 42]) == \"   42\"", "Format(\"%*d\", [\"a\", 42]) == \"%!(BADWIDTH)42\"",
           "Format(\"%.*f\", [-2, 3.5]) == \"%!(BADPREC)3.500000\"", "Format(\"%s\", [nil]) == \"%!s(<nil>)\""});
  AllRefused({"Format(name, [1]) == nil", "Format(\"%d\", attributes[\"list\"]) == nil", "Format(\"%d\") == nil"});
  AllFail({"Format(\"%d\", [Int(name)]) == nil"});
}

TEST(Formats, AreBounded) {
  EXPECT_EQ(Ask("Len(Format(\"%1000000d\", [1])) == 1000000"), "yes");
  std::string many = "Format(\"";
  for (int i = 0; i < 200; ++i) many += "%1000000[1]d";
  EXPECT_THAT(Ask(many + "\", [1]) == nil"), StartsWith("error:"));
}

}  // namespace
}  // namespace tailrace::ottl
