// tailrace_metrics_docs FILE: writes docs/METRICS.md.
#include <fstream>
#include <iostream>

#include "collector/telemetry/metrics.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: tailrace_metrics_docs FILE\n";
    return 2;
  }
  std::ofstream file(argv[1], std::ios::binary | std::ios::trunc);
  file << tailrace::RenderMetricsDoc();
  file.close();
  if (!file) {
    std::cerr << "cannot write " << argv[1] << "\n";
    return 1;
  }
  return 0;
}
