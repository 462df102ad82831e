// Thousands of conditions with the Collector's own answers (0.161, its lambda gate on), asked of the same span. One
// line of answers.txt is `answer<tab>condition`; an answer is yes, no, error (at evaluation) or refused (at start).
#include <cstdlib>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "tests/processors/ottl/compiler/asked.h"

namespace tailrace::ottl {
namespace {

TEST(CollectorAnswers, AreOurs) {
  setenv("TZ", "UTC", 1);  // where no location is given, the process's own counts
  std::ifstream file(TAILRACE_SOURCE_DIR "/tests/processors/ottl/functions/answers.txt");
  const Scene scene;
  int asked = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const std::string answer = scene.Ask(std::string_view(line).substr(tab + 1));
    EXPECT_EQ(answer.substr(0, answer.find(':')), line.substr(0, tab)) << line.substr(tab + 1) << "\n  " << answer;
    ++asked;
  }
  EXPECT_GE(asked, 5000);
}

}  // namespace
}  // namespace tailrace::ottl
