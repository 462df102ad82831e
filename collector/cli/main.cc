#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "collector/cli/verbs.h"
#include "collector/load/load_main.h"
#include "collector/load/sink_main.h"

namespace {

using tailrace::Verb;

// The one list of verbs.
constexpr Verb kVerbs[] = {
    {"validate", "check a configuration without running it", tailrace::ValidateMain},
    {"print-config", "show the effective configuration, defaults included", tailrace::PrintConfigMain},
    {"components", "list the receivers, processors, exporters, extensions and policies of this build",
     tailrace::ComponentsMain},
    {"why", "what became of a trace, and which policy said so", tailrace::WhyMain},
    {"top", "what a running daemon does, drawn again and again", tailrace::TopMain},
    {"tail", "kept traces as they come, each as a waterfall", tailrace::TailMain},
    {"health", "whether a daemon is ready, as an exit code", tailrace::HealthMain},
    {"first-trace", "send one trace to an installation, and ask what became of it", tailrace::FirstTraceMain},
    {"size", "how much memory, processors and instances a traffic needs", tailrace::SizeMain},
    {"replay-dead-letter", "send what an exporter could not deliver again", tailrace::ReplayMain},
    {"load", "send made-up traces to an OTLP receiver: will this machine carry my traffic?", tailrace::LoadMain},
    {"sink", "an OTLP receiver that counts whole, broken and doubled traces of `tailrace load`", tailrace::SinkMain},
};

void PrintUsage(std::ostream& out) {
  out << "usage: tailrace --config FILE [--config FILE2] [--set key.path=value]\n"
         "       tailrace VERB [OPTIONS]      (tailrace VERB --help)\n"
         "       tailrace --version\n\n"
         "Tail-based sampling trace collector: OTLP in, whole traces held and judged, the kept ones "
         "forwarded.\n\nverbs:\n";
  for (const Verb& verb : kVerbs)
    out << "  " << std::string(verb.name).append(20 - std::string(verb.name).size(), ' ') << verb.sentence << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.empty()) {
    PrintUsage(std::cerr);
    return 2;
  }
  if (args[0] == "--version" || args[0] == "-v") {
    std::cout << "tailrace version " << TAILRACE_VERSION << "\n";
    return 0;
  }
  if (args[0] == "--help" || args[0] == "-h") {
    PrintUsage(std::cout);
    return 0;
  }
  for (const Verb& verb : kVerbs) {
    if (args[0] == verb.name) return verb.run({args.begin() + 1, args.end()});
  }
  if (args[0].rfind("--", 0) == 0) return tailrace::ServeMain(args);
  std::cerr << "Error: unknown verb \"" << args[0] << "\"\n\n";
  PrintUsage(std::cerr);
  return 2;
}
