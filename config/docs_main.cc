// Writes docs/CONFIG.md to standard output.
#include <iostream>

#include "config/load.h"

int main() {
  std::cout << tailrace::config::GenerateDocs();
  return std::cout.good() ? 0 : 1;
}
