#include "collector/profile/address_space.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/escaping.h"

namespace tailrace {
namespace {

constexpr char kSelf[] = "/proc/self/exe";

std::string ProgramPath() {
  char path[PATH_MAX];
  const ssize_t length = readlink(kSelf, path, sizeof(path));
  return length <= 0 ? kSelf : std::string(path, static_cast<size_t>(length));
}

size_t RoundedToFour(size_t bytes) { return (bytes + 3) & ~size_t{3}; }

// The note of type NT_GNU_BUILD_ID in a loaded segment of notes.
std::string BuildIdIn(const char* at, const char* end) {
  while (end - at >= static_cast<ptrdiff_t>(sizeof(ElfW(Nhdr)))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, at, sizeof(note));
    const char* const name = at + sizeof(note);
    const char* const id = name + RoundedToFour(note.n_namesz);
    const char* const next = id + RoundedToFour(note.n_descsz);
    if (next > end) break;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      return absl::BytesToHexString(absl::string_view(id, note.n_descsz));
    }
    at = next;
  }
  return "";
}

std::string BuildIdOf(const dl_phdr_info& file) {
  for (size_t i = 0; i < file.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = file.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* const begin = reinterpret_cast<const char*>(file.dlpi_addr + segment.p_vaddr);
    if (std::string id = BuildIdIn(begin, begin + segment.p_memsz); !id.empty()) return id;
  }
  return "";
}

int AddFile(dl_phdr_info* file, size_t, void* argument) {
  auto& mappings = *static_cast<std::vector<AddressSpace::Mapping>*>(argument);
  const bool is_program = mappings.empty();  // comes first, without a name
  for (size_t i = 0; i < file->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = file->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const uintptr_t page_mask = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE)) - 1;
    const uintptr_t before = segment.p_vaddr & page_mask;  // of the page that the segment begins within
    mappings.push_back({.begin = file->dlpi_addr + segment.p_vaddr - before,
                        .end = (file->dlpi_addr + segment.p_vaddr + segment.p_memsz + page_mask) & ~page_mask,
                        .file_offset = segment.p_offset - before,
                        .path = is_program ? ProgramPath() : file->dlpi_name,
                        .build_id = BuildIdOf(*file),
                        .bias = file->dlpi_addr});
  }
  return 0;
}

}  // namespace

AddressSpace::AddressSpace() {
  dl_iterate_phdr(AddFile, &mappings_);
  symbols_.resize(mappings_.size());
}

int AddressSpace::MappingOf(uintptr_t address) const {
  for (size_t i = 0; i < mappings_.size(); ++i) {
    if (address >= mappings_[i].begin && address < mappings_[i].end) return static_cast<int>(i);
  }
  return -1;
}

std::string AddressSpace::FunctionAt(uintptr_t address) {
  const int at = MappingOf(address);
  if (at < 0) return "";
  const Mapping& mapping = mappings_[static_cast<size_t>(at)];
  Symbols& symbols = symbols_[static_cast<size_t>(at)];
  if (!symbols.read) {
    symbols.read = true;
    // The program's file may have been replaced since it was started; the link still leads to the old one.
    symbols.table = SymbolTable::Read(at == 0 ? kSelf : mapping.path);
  }
  return Demangle(symbols.table.Find(address - mapping.bias));
}

}  // namespace tailrace
