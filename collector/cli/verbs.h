// The verbs of the command line, one function each. Arguments without the program's and the verb's names; the result is
// the exit code: 0 clean, 1 could not run, 2 bad usage or configuration; what else a verb has, its --help says.
#pragma once

#include <string>
#include <vector>

namespace tailrace {

struct Verb {
  const char* name;
  const char* sentence;
  int (*run)(const std::vector<std::string>& args);
};

// `tailrace --config FILE` without a verb.
int ServeMain(const std::vector<std::string>& args);
int ValidateMain(const std::vector<std::string>& args);
int PrintConfigMain(const std::vector<std::string>& args);
int ReplayMain(const std::vector<std::string>& args);
int ComponentsMain(const std::vector<std::string>& args);
int WhyMain(const std::vector<std::string>& args);
int TopMain(const std::vector<std::string>& args);
int TailMain(const std::vector<std::string>& args);
int FirstTraceMain(const std::vector<std::string>& args);
int HealthMain(const std::vector<std::string>& args);
int SizeMain(const std::vector<std::string>& args);

}  // namespace tailrace
