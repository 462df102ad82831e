#include "proto/json_repair.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace tailrace {
namespace {

constexpr size_t kEscapeSize = 6;  // \uXXXX
// Any integer with fewer digits fits 64 bits.
constexpr size_t kLongDigits = 19;

// The code unit of the escape at the beginning of `text`, -1 where there is none.
int32_t CodeUnit(std::string_view text) {
  if (text.size() < kEscapeSize || text[0] != '\\' || text[1] != 'u') return -1;
  int32_t unit = 0;
  for (size_t i = 2; i < kEscapeSize; ++i) {
    const char c = text[i];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      unit = unit << 4 | (c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      unit = unit << 4 | (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return unit;
}

bool IsHigh(int32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLow(int32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Repair {
 public:
  explicit Repair(std::string_view json) : json_(json) { out_.reserve(json.size() + json.size() / 8); }

  std::string Run() {
    while (at_ < json_.size()) {
      if (json_[at_] == '"') {
        String();
      } else if (IsDigit(json_[at_])) {
        Number();
      } else {
        Copy(1);
      }
    }
    return std::move(out_);
  }

 private:
  void Copy(size_t size) {
    const std::string_view piece = json_.substr(at_, size);
    out_.append(piece);
    at_ += piece.size();
  }

  void String() {
    Copy(1);
    while (at_ < json_.size() && json_[at_] != '"') {
      if (json_[at_] != '\\') {
        Copy(1);
      } else {
        Escape();
      }
    }
    Copy(1);
  }

  void Escape() {
    const int32_t unit = CodeUnit(json_.substr(at_));
    if (IsHigh(unit) && IsLow(CodeUnit(json_.substr(at_ + kEscapeSize)))) {
      Copy(2 * kEscapeSize);
    } else if (IsHigh(unit) || IsLow(unit)) {
      out_.append("\\ufffd");
      at_ += kEscapeSize;
    } else {
      Copy(2);  // the rest of another \uXXXX is plain text
    }
  }

  // The digits of a number's integer part, or those behind its point or its exponent.
  void Number() {
    size_t digits = 0;
    while (at_ + digits < json_.size() && IsDigit(json_[at_ + digits])) ++digits;
    const char before = at_ == 0 ? ' ' : json_[at_ - 1];
    const char after = at_ + digits < json_.size() ? json_[at_ + digits] : ' ';
    Copy(digits);
    const bool integer_part =
        before != '.' && before != 'e' && before != 'E' && before != '+' && !ExponentMinus(digits);
    const bool whole = integer_part && after != '.' && after != 'e' && after != 'E';
    if (whole && digits >= kLongDigits && !Fits(digits)) out_.append("e0");
  }

  // The digits just copied stand behind an exponent's minus sign.
  bool ExponentMinus(size_t digits) const {
    const size_t start = at_ - digits;
    return start >= 2 && json_[start - 1] == '-' && (json_[start - 2] == 'e' || json_[start - 2] == 'E');
  }

  bool Fits(size_t digits) const {
    const std::string_view text = json_.substr(at_ - digits, digits);
    const bool negative = at_ > digits && json_[at_ - digits - 1] == '-';
    const std::string_view max = negative ? "9223372036854775808" : "18446744073709551615";
    return text.size() < max.size() || (text.size() == max.size() && text <= max);
  }

  std::string_view json_;
  std::string out_;
  size_t at_ = 0;
};

}  // namespace

std::string RepairJson(std::string_view json) { return Repair(json).Run(); }

}  // namespace tailrace
