// AddressSpace: the program and its libraries as they are loaded now, and the functions in them by address.
//
// Single-threaded. A file's symbols are read when the first address in it is asked for (some 10 ms for the program) and
// freed with this object.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/profile/symbol_table.h"

namespace tailrace {

class AddressSpace {
 public:
  // A piece of code as profile.proto has it.
  struct Mapping {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    uint64_t file_offset = 0;
    std::string path;
    std::string build_id;  // hex; empty: the file has none
    uintptr_t bias = 0;    // what loading added to the addresses in the file
  };

  AddressSpace();

  const std::vector<Mapping>& mappings() const { return mappings_; }

  // The mapping that `address` lies in: its place in mappings(). -1: none.
  int MappingOf(uintptr_t address) const;

  // Demangled; empty where the name is not known.
  std::string FunctionAt(uintptr_t address);

 private:
  struct Symbols {
    bool read = false;
    SymbolTable table;
  };

  std::vector<Mapping> mappings_;
  std::vector<Symbols> symbols_;  // one for each mapping
};

}  // namespace tailrace
