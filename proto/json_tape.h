// JsonTape: the values of a parsed JSON text where simdjson left them: a tape of words, one a value (two a number), and
// the bytes of all strings beside it, each behind its length and in front of a 0. This is simdjson's own documented
// form (its doc/tape.md); walking it here spares the two pointers and the checks that each dom::element brings along.
//
// A value is named by the index of its word. Trivial copies; valid until the parser is used again. Only for
// proto/json_reader.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace tailrace::otlp_json {

class JsonTape {
 public:
  using At = uint32_t;  // simdjson takes no text of more than 4 GiB, and an object's word has 32 bits for an index
  static constexpr At kRoot = 1;

  JsonTape(const uint64_t* words, const uint8_t* strings)
      : words_(words), strings_(reinterpret_cast<const char*>(strings)) {}

  bool IsNull(At at) const { return TypeOf(at) == 'n'; }
  bool IsObject(At at) const { return TypeOf(at) == '{'; }
  bool IsArray(At at) const { return TypeOf(at) == '['; }
  bool IsString(At at) const { return TypeOf(at) == '"'; }

  // What an object or an array holds lies from First() to End(): its keys and values in turns, or its values.
  static At First(At container) { return container + 1; }
  At End(At container) const { return static_cast<At>(words_[container]) - 1; }

  // The word behind the value.
  At After(At at) const {
    switch (TypeOf(at)) {
      case '{':
      case '[':
        return static_cast<At>(words_[at]);
      case 'l':
      case 'u':
      case 'd':
        return at + 2;
      default:
        return at + 1;
    }
  }

  // Whether this is an object of so many members, at most 0xFFFFFE.
  bool IsObjectOf(uint32_t members, At at) const { return words_[at] >> 32 == (uint64_t{'{'} << 24 | members); }

  // Of a string.
  std::string_view Text(At at) const {
    const char* stored = strings_ + (words_[at] & kValueMask);
    uint32_t size;
    std::memcpy(&size, stored, sizeof(size));
    return {stored + sizeof(size), size};
  }

  // Whether the string is this one, a literal: compared with its 0, in one or two steps.
  template <size_t kSize>
  bool TextIs(At at, const char (&text)[kSize]) const {
    const std::string_view found = Text(at);
    return found.size() == kSize - 1 && std::memcmp(found.data(), text, kSize) == 0;
  }

  // False where the value is of another type or does not fit.
  bool Get(At at, std::string_view* text) const {
    if (!IsString(at)) return false;
    *text = Text(at);
    return true;
  }
  bool Get(At at, bool* flag) const {
    *flag = TypeOf(at) == 't';
    return *flag || TypeOf(at) == 'f';
  }
  bool Get(At at, uint64_t* number) const {
    *number = words_[at + 1];
    return TypeOf(at) == 'u' || (TypeOf(at) == 'l' && *number <= uint64_t{std::numeric_limits<int64_t>::max()});
  }
  bool Get(At at, int64_t* number) const {
    *number = static_cast<int64_t>(words_[at + 1]);
    return TypeOf(at) == 'l' || (TypeOf(at) == 'u' && *number >= 0);
  }
  bool Get(At at, double* number) const {
    const uint64_t word = words_[at + 1];
    switch (TypeOf(at)) {
      case 'd':
        std::memcpy(number, &word, sizeof(word));
        return true;
      case 'l':
        *number = static_cast<double>(static_cast<int64_t>(word));
        return true;
      case 'u':
        *number = static_cast<double>(word);
        return true;
      default:
        return false;
    }
  }

 private:
  static constexpr uint64_t kValueMask = (uint64_t{1} << 56) - 1;

  char TypeOf(At at) const { return static_cast<char>(words_[at] >> 56); }

  const uint64_t* words_;
  const char* strings_;
};

}  // namespace tailrace::otlp_json
