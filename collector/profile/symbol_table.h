// SymbolTable: the functions of one ELF file (the program or a library of it), by address. Reads .symtab, or .dynsym
// where the file is stripped. A file that is no 64-bit ELF, or is cut short, has no functions.
//
// Immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace {

class SymbolTable {
 public:
  SymbolTable() = default;
  static SymbolTable Read(const std::string& path);

  // The function that `address` (as in the file, before it is loaded) lies in, as the linker knows it. Empty: none.
  std::string_view Find(uint64_t address) const;

  bool empty() const { return functions_.empty(); }

 private:
  struct Function {
    uint64_t begin;
    uint64_t end;
    size_t name;  // offset in names_
  };

  std::vector<Function> functions_;  // by begin
  std::string names_;                // each ends with NUL
};

// "tailrace::Shard::Take(...)" of "_ZN8tailrace5Shard4Take..."; a name of another kind as it is.
std::string Demangle(std::string_view linker_name);

}  // namespace tailrace
