// SeedWatch: says which seed is at work when the program dies or hangs in it, as neither leaves time for a story.
#pragma once

#include <cstdint>

namespace tailrace::simulation {

class SeedWatch {
 public:
  // Once, before the first seed. Under a sanitizer only hangs are watched: it reports crashes itself.
  static void Install();
  // A seed that is at work for longer than half a minute hangs.
  static void Begin(uint64_t seed);
  static void End();
};

}  // namespace tailrace::simulation
