// The text of a source on its way into yaml-cpp: is it text at all, and how much of it has the parser read without
// getting anywhere? Single-threaded, like the parse.
#pragma once

#include <streambuf>

#include "absl/strings/string_view.h"
#include "config/report.h"

namespace tailrace::config {

// Control characters and bytes that are no UTF-8 mean that this is no text file: yaml-cpp would read on as if they were
// letters. False, with the problem in the report, at the first of them.
bool CheckIsText(absl::string_view text, Where where, Report* report);

// Hands the text out in pieces. In `[` or `{` yaml-cpp keeps every token until it knows whether the whole of it is a
// key, a hundred bytes and more for each: 8 MiB of brackets become 2 GB before the first event. So the signs of syntax
// between one event and the next are counted, and above kSignsMax the text ends.
class YamlText final : public std::streambuf {
 public:
  static constexpr size_t kSignsMax = 100'000;

  explicit YamlText(absl::string_view text) : rest_(text) {}

  void OnEvent() { signs_ = 0; }           // the parser got somewhere
  bool is_cut() const { return is_cut_; }  // what the parser says from then on may follow from the cut

 protected:
  int_type underflow() override;

 private:
  absl::string_view rest_;  // not yet handed out
  size_t signs_ = 0;
  bool is_cut_ = false;
};

}  // namespace tailrace::config
