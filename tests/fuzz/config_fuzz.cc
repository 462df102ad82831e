// Any text as a configuration: Load must end, with a configuration that can be printed or with problems that have their
// text.
#include <optional>

#include "config/load.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  const std::string_view text = AsText(data, size);
  // Not the files of the machine that fuzzes: the answer would depend on them, and some never end.
  if (text.find("file") != std::string_view::npos && text.find("${") != std::string_view::npos) return 0;
  config::LoadInput input;
  input.configs = {"yaml:" + std::string(text)};
  input.getenv = [](const std::string& name) {
    return name == "SET" ? std::optional<std::string>("17") : std::nullopt;
  };
  input.memory_total_bytes = uint64_t{8} << 30;
  const config::LoadResult result = config::Load(input);
  if (result.ok()) {
    Require(!config::Print(result.config).empty(), "what is loaded can be printed");
    return 0;
  }
  for (const config::Problem& problem : result.problems) {
    Require(!problem.message.empty() && !problem.ToString().empty(), "a problem has its text");
  }
  return 0;
}
