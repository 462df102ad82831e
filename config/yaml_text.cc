#include "config/yaml_text.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace tailrace::config {
namespace {

// The length of the UTF-8 character that `text` begins with; 0: none.
size_t Utf8Length(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  return length;
}

bool IsSign(char c) {
  constexpr absl::string_view kSigns = "[]{},:?&*!";
  return kSigns.find(c) != absl::string_view::npos;
}

}  // namespace

bool CheckIsText(absl::string_view text, Where where, Report* report) {
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const size_t length = Utf8Length(text.substr(i));
    if (length > 0 && ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t' || c == '\r')) {
      i += length;
      continue;
    }
    where.line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(i), '\n'));
    report->AddProblem(where, "", absl::StrFormat("not a text file: byte 0x%02x at offset %d", c, i));
    return false;
  }
  return true;
}

YamlText::int_type YamlText::underflow() {
  constexpr size_t kPiece = 2048;  // as much as yaml-cpp asks for
  const absl::string_view piece = rest_.substr(0, kPiece);
  signs_ += static_cast<size_t>(std::count_if(piece.begin(), piece.end(), IsSign));
  is_cut_ |= signs_ > kSignsMax;
  if (piece.empty() || is_cut_) return traits_type::eof();
  rest_.remove_prefix(piece.size());
  char* begin = const_cast<char*>(piece.data());  // never written: no put area is set
  setg(begin, begin, begin + piece.size());
  return traits_type::to_int_type(*begin);
}

}  // namespace tailrace::config
