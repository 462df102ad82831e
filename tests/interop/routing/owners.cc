// Asks Tailrace's hash ring what owners.go asks the Collector's: see there.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "collector/exporters/balancing/hash_ring.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "owners LISTS IDS OUT\n";
    return 1;
  }
  std::ifstream lists(argv[1]);
  std::ifstream ids_file(argv[2], std::ios::binary);
  const std::string ids((std::istreambuf_iterator<char>(ids_file)), std::istreambuf_iterator<char>());
  std::ofstream out(argv[3], std::ios::binary);
  std::string owners(ids.size() / 16, '\0');
  for (std::string line; std::getline(lists, line);) {
    std::istringstream words(line);
    const std::vector<std::string> names{std::istream_iterator<std::string>(words), {}};
    std::map<std::string, char> index;
    for (size_t i = 0; i < names.size(); ++i) index[names[i]] = static_cast<char>(i);
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    const tailrace::HashRing ring(sorted);
    for (size_t i = 0; i < owners.size(); ++i) {
      owners[i] = index[sorted[ring.OwnerOf(std::string_view(ids).substr(16 * i, 16))]];
    }
    out << owners;
  }
  return out.good() ? 0 : 1;
}
