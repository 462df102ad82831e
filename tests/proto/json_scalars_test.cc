// What reads eight digits at a time, or a text by its two ends, against what goes byte by byte; and texts read where
// they lie, whatever lies behind them.
#include "proto/json_scalars.h"

#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "proto/json_reader.h"
#include "proto/json_short_bytes.h"

namespace tailrace::otlp_json {
namespace {

std::string Decimal(std::string_view text) {
  uint64_t value = 0;
  return ParseDecimal(text, &value) ? std::to_string(value) : "none";
}

std::string DecimalByTheLibrary(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::to_string(value) : "none";
}

TEST(JsonScalars, DecimalsOfEveryLength) {
  for (const char digit : {'0', '1', '8', '9'}) {
    for (size_t size = 0; size <= 30; ++size) {
      const std::string text(size, digit);
      EXPECT_EQ(Decimal(text), DecimalByTheLibrary(text)) << text;
    }
  }
  for (const char* text : {"1234567890123456789", "18446744073709551615", "18446744073709551616",
                           "000018446744073709551615", "12345678", "123456789", "-0", "-1", "+1", " 1", "1 "}) {
    EXPECT_EQ(Decimal(text), DecimalByTheLibrary(text)) << text;
  }
}

TEST(JsonScalars, DecimalsWithAnyByteAnywhere) {
  for (const size_t size : {1, 7, 8, 9, 16, 19, 20}) {
    std::string text = std::string("12345678901234567890").substr(0, size);
    for (char& at : text) {
      const char digit = at;
      for (int byte = 0; byte < 256; ++byte) {
        at = static_cast<char>(byte);
        ASSERT_EQ(Decimal(text), DecimalByTheLibrary(text)) << text;
      }
      at = digit;
    }
  }
}

TEST(JsonScalars, HexWithAnyByteAnywhere) {
  for (const size_t size : {2, 6, 8, 14, 16, 32}) {
    std::string text = std::string("0123456789abcdefABCDEF9876543210").substr(0, size);
    for (size_t at = 0; at < size; ++at) {
      const char digit = text[at];
      for (int byte = 0; byte < 256; ++byte) {
        text[at] = static_cast<char>(byte);
        const bool is_hex = byte < 0x80 && std::isxdigit(byte) != 0;
        std::string bytes(size / 2, '?');
        ASSERT_EQ(DecodeHex(text, bytes.data()), is_hex) << text;
        for (size_t i = 0; is_hex && i < bytes.size(); ++i) {
          ASSERT_EQ(static_cast<uint8_t>(bytes[i]), std::stoi(text.substr(2 * i, 2), nullptr, 16)) << text;
        }
      }
      text[at] = digit;
    }
  }
}

TEST(JsonScalars, ShortTextsAreComparedWhole) {
  for (size_t size = 0; size <= 40; ++size) {
    const std::string text(size, 'a');
    EXPECT_TRUE(SameBytes(text, std::string(size, 'a')));
    EXPECT_FALSE(SameBytes(text, std::string(size + 1, 'a')));
    for (size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      EXPECT_FALSE(SameBytes(text, other)) << size << " " << at;
    }
  }
}

TEST(JsonScalars, ShortTextsAreCopiedAndNothingElse) {
  std::string text(40, ' ');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('A' + i);
  for (size_t size = 0; size <= text.size(); ++size) {
    std::string to(size + 2, '?');
    CopyBytes(to.data() + 1, text.substr(0, size));
    EXPECT_EQ(to, "?" + text.substr(0, size) + "?");
  }
}

// What a buffer held before lies behind a body that is read in place. It must not be taken for a part of it.
TEST(JsonInPlace, WhatLiesBehindIsNotRead) {
  const std::string json =
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"abc","flags":12,"attributes":[{"key":"k","value":)"
      R"({"doubleValue":-1.5e3}},{"key":"t","value":{"boolValue":true}}],"kind":2}]}]}]})";
  constexpr size_t kRoom = 64;
  JsonReader reader;
  for (size_t size = 0; size <= json.size(); ++size) {
    for (const std::string& behind : {json.substr(size) + std::string(kRoom, '}'), std::string(kRoom, '"'),
                                      std::string(kRoom, '9'), std::string(kRoom, '\xff'), std::string(kRoom, '\0')}) {
      const std::string buffer = json.substr(0, size) + behind;
      std::string in_place, copied;
      const absl::Status status = reader.Parse(std::string_view(buffer).substr(0, size), kRoom,
                                               [&](std::string_view wire) { in_place = wire; });
      EXPECT_EQ(status, reader.Parse(json.substr(0, size), &copied)) << size;
      EXPECT_EQ(status.ok(), size == json.size());
      EXPECT_EQ(in_place, copied) << size;
    }
  }
}

}  // namespace
}  // namespace tailrace::otlp_json
