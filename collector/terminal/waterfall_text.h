// A trace's waterfall as lines for a terminal:
//
//     POST /cart  checkout          1.24s  ██████████████████████████████
//       parse  checkout              35us  ▏
//     !   charge  checkout        780.0ms    ███████████████████
//     *!    Charge  payment       670.0ms     ████████████████
//   bottleneck: Charge in payment, by itself 670.0ms of 1.24s (54%)
//   error: 'payment timed out' at Charge in payment
//
// "!" marks errors and "*" the bottleneck, so that nothing is said by colour alone. Names are made printable. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collector/terminal/waterfall.h"

namespace tailrace {

struct WaterfallStyle {
  size_t columns = 100;
  bool color = false;
  bool unicode = true;  // otherwise bars are made of '='
  size_t rows_max = 200;
};

// A waterfall of these spans. Lines end in '\n'.
std::string WaterfallText(const std::vector<WaterfallSpan>& spans, const Waterfall& waterfall,
                          const WaterfallStyle& style);

}  // namespace tailrace
