#include "collector/profile/symbol_table.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace tailrace {
namespace {

// Sizes that no real file has are not believed.
constexpr uint64_t kTableBytesMax = uint64_t{1} << 30;

// `count` values at `offset`; none where the file has not that many.
template <class T>
std::vector<T> ReadAt(std::ifstream& file, uint64_t offset, uint64_t count) {
  if (count > kTableBytesMax / sizeof(T)) return {};
  file.seekg(0, std::ios::end);
  const auto size = static_cast<uint64_t>(file.tellg());
  if (offset > size || count * sizeof(T) > size - offset) return {};
  std::vector<T> values(count);
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
  return file ? values : std::vector<T>();
}

const Elf64_Shdr* FindSection(const std::vector<Elf64_Shdr>& sections, uint32_t type) {
  const auto found =
      std::find_if(sections.begin(), sections.end(), [type](const Elf64_Shdr& s) { return s.sh_type == type; });
  return found == sections.end() ? nullptr : &*found;
}

}  // namespace

SymbolTable SymbolTable::Read(const std::string& path) {
  SymbolTable table;
  std::ifstream file(path, std::ios::binary);
  const std::vector<Elf64_Ehdr> header = ReadAt<Elf64_Ehdr>(file, 0, 1);
  if (header.empty() || std::memcmp(header[0].e_ident, ELFMAG, SELFMAG) != 0 ||
      header[0].e_ident[EI_CLASS] != ELFCLASS64 || header[0].e_shentsize != sizeof(Elf64_Shdr)) {
    return table;
  }
  const auto sections = ReadAt<Elf64_Shdr>(file, header[0].e_shoff, header[0].e_shnum);
  const Elf64_Shdr* symbols = FindSection(sections, SHT_SYMTAB);
  if (symbols == nullptr) symbols = FindSection(sections, SHT_DYNSYM);
  if (symbols == nullptr || symbols->sh_link >= sections.size()) return table;
  const Elf64_Shdr& strings = sections[symbols->sh_link];
  const auto names = ReadAt<char>(file, strings.sh_offset, strings.sh_size);
  table.names_.assign(names.begin(), names.end());
  for (const Elf64_Sym& symbol : ReadAt<Elf64_Sym>(file, symbols->sh_offset, symbols->sh_size / sizeof(Elf64_Sym))) {
    const bool is_function =
        ELF64_ST_TYPE(symbol.st_info) == STT_FUNC || ELF64_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC;
    if (!is_function || symbol.st_value == 0 || symbol.st_name >= table.names_.size()) continue;
    // One without a size (assembly) is taken for its first bytes only.
    const uint64_t size = std::max<uint64_t>(symbol.st_size, 1);
    table.functions_.push_back({symbol.st_value, symbol.st_value + size, symbol.st_name});
  }
  std::sort(table.functions_.begin(), table.functions_.end(),
            [](const Function& a, const Function& b) { return a.begin < b.begin; });
  return table;
}

std::string_view SymbolTable::Find(uint64_t address) const {
  const auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                      [](uint64_t value, const Function& f) { return value < f.begin; });
  if (after == functions_.begin() || address >= std::prev(after)->end) return {};
  return names_.c_str() + std::prev(after)->name;  // c_str(): the last one ends with NUL, too
}

std::string Demangle(std::string_view linker_name) {
  const std::string name(linker_name);
  if (!name.starts_with("_Z")) return name;
  int status = 0;
  char* const text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  if (text == nullptr) return name;
  std::string readable(text);
  std::free(text);
  return readable;
}

}  // namespace tailrace
