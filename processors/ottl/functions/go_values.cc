#include "processors/ottl/functions/go_values.h"

#include <locale.h>
#include <wctype.h>

#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/ottl/civil.h"
#include "processors/ottl/functions/utf8.h"
#include "processors/ottl/names.h"

namespace tailrace::ottl {
namespace {

bool IsPrint(uint32_t code) {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return code == ' ' || (code != 0xAD && !IsSpace(code) && iswprint_l(code, locale) != 0);
}

void AppendEscaped(const Rune& rune, std::string_view bytes, bool ascii, std::string* text) {
  static constexpr std::string_view kPlain = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kLetters = "abfnrtv\\\"";
  if (rune.code < 0x80) {
    const size_t known = kPlain.find(static_cast<char>(rune.code));
    if (known != std::string_view::npos) {
      text->push_back('\\');
      text->push_back(kLetters[known]);
      return;
    }
  }
  if (rune.code == 0xFFFD && rune.size == 1) {
    absl::StrAppendFormat(text, "\\x%02x", static_cast<unsigned char>(bytes[0]));
  } else if (IsPrint(rune.code) && (!ascii || rune.code < 0x80)) {
    text->append(bytes);
  } else if (rune.code < 0x80) {
    absl::StrAppendFormat(text, "\\x%02x", rune.code);
  } else {
    if (rune.code < 0x10000) {
      absl::StrAppendFormat(text, "\\u%04x", rune.code);
    } else {
      absl::StrAppendFormat(text, "\\U%08x", rune.code);
    }
  }
}

// `digits` without zeros at its end, and without a point there.
void TrimZeros(std::string* digits) {
  if (digits->find('.') == std::string::npos) return;
  digits->erase(digits->find_last_not_of('0') + 1);
  if (digits->back() == '.') digits->pop_back();
}

}  // namespace

std::string GoQuoted(std::string_view text, bool ascii) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const Rune rune = DecodeRune(text);
    AppendEscaped(rune, text.substr(0, rune.size), ascii, &quoted);
    text.remove_prefix(rune.size);
  }
  return quoted + "\"";
}

std::string GoDuration(int64_t ns) {
  if (ns == 0) return "0s";
  std::string text = ns < 0 ? "-" : "";
  const uint64_t magnitude = ns < 0 ? ~static_cast<uint64_t>(ns) + 1 : static_cast<uint64_t>(ns);
  const auto fraction = [](uint64_t whole, uint64_t rest, int places) {
    std::string digits = absl::StrFormat("%d.%0*d", whole, places, rest);
    TrimZeros(&digits);
    return digits;
  };
  if (magnitude < 1000) return absl::StrCat(text, magnitude, "ns");
  if (magnitude < 1'000'000) return absl::StrCat(text, fraction(magnitude / 1000, magnitude % 1000, 3), "µs");
  if (magnitude < 1'000'000'000) {
    return absl::StrCat(text, fraction(magnitude / 1'000'000, magnitude % 1'000'000, 6), "ms");
  }
  const uint64_t seconds = magnitude / 1'000'000'000;
  if (seconds >= 3600) absl::StrAppend(&text, seconds / 3600, "h");
  if (seconds >= 60) absl::StrAppend(&text, seconds / 60 % 60, "m");
  absl::StrAppend(&text, fraction(seconds % 60, magnitude % 1'000'000'000, 9), "s");
  return text;
}

std::string GoTime(const Time& time) {
  const absl::CivilSecond civil = Civil(time);
  std::string text = absl::StrFormat("%04d-%02d-%02d %02d:%02d:%02d", civil.year(), civil.month(), civil.day(),
                                     civil.hour(), civil.minute(), civil.second());
  if (time.ns != 0) {
    std::string digits = absl::StrFormat(".%09d", time.ns);
    TrimZeros(&digits);
    text += digits;
  }
  const int32_t minutes = std::abs(time.offset_s) / 60;
  const std::string offset = absl::StrFormat("%c%02d%02d", time.offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return absl::StrCat(text, " ", offset, " ", time.zone != nullptr ? time.zone : time.offset_s == 0 ? "UTC" : offset);
}

std::string GoFloatDigits(double number, char verb, std::optional<int> precision) {
  // Longer than any double has digits for; more are zeros anyway.
  char buffer[1200];
  const auto written = [&buffer](const std::to_chars_result& result) { return std::string(buffer, result.ptr); };
  const int digits = std::min(precision.value_or(6), 800);
  std::string text;
  switch (verb) {
    case 'f':
    case 'F':
      text = written(std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::fixed, digits));
      return text.append(static_cast<size_t>(precision.value_or(6) - digits), '0');
    case 'e':
    case 'E':
      text = written(std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::scientific, digits));
      break;
    default: {
      if (precision.has_value()) {
        text = written(std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::general, digits));
        break;
      }
      // Shortest; the exponent begins at seven digits before the point.
      const bool exponent = number != 0 && (number < 1e-4 || number >= 1e6);
      text = written(std::to_chars(buffer, buffer + sizeof(buffer), number,
                                   exponent ? std::chars_format::scientific : std::chars_format::fixed));
    }
  }
  if (verb == 'E' || verb == 'G') {
    for (char& c : text) c = c == 'e' ? 'E' : c;
  }
  return text;
}

std::string GoTypeName(const Value& value) { return std::string(TypeName(value)); }

}  // namespace tailrace::ottl
