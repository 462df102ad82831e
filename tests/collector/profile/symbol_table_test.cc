#include "collector/profile/symbol_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "collector/profile/address_space.h"
#include "tests/support/scratch_directory.h"

extern "C" [[gnu::noinline]] int tailrace_test_known_function(int x) { return x * 3 + 1; }

namespace tailrace {
namespace {

TEST(AddressSpaceTest, FindsFunctionsOfTheProgramAndOfItsLibraries) {
  AddressSpace addresses;
  const auto own = reinterpret_cast<uintptr_t>(&tailrace_test_known_function);
  EXPECT_EQ(addresses.FunctionAt(own), "tailrace_test_known_function");
  EXPECT_EQ(addresses.MappingOf(own), 0) << "the program comes first";
  const auto other = reinterpret_cast<uintptr_t>(&std::terminate);
  EXPECT_EQ(addresses.FunctionAt(other), "std::terminate()");
  EXPECT_GT(addresses.MappingOf(other), 0);
}

TEST(AddressSpaceTest, AnAddressOutsideAllCodeHasNoName) {
  AddressSpace addresses;
  int on_the_stack = 0;
  EXPECT_EQ(addresses.MappingOf(reinterpret_cast<uintptr_t>(&on_the_stack)), -1);
  EXPECT_EQ(addresses.FunctionAt(reinterpret_cast<uintptr_t>(&on_the_stack)), "");
  EXPECT_EQ(addresses.FunctionAt(0), "");
}

TEST(AddressSpaceTest, FilesHaveTheirBuildIds) {
  AddressSpace addresses;
  for (const AddressSpace::Mapping& mapping : addresses.mappings()) {
    if (mapping.path.find("libc.so") == std::string::npos) continue;
    EXPECT_THAT(mapping.build_id, ::testing::MatchesRegex("[0-9a-f]{40}"));
    return;
  }
  FAIL() << "no C library among the mappings";
}

TEST(SymbolTableTest, WhatIsNoElfFileHasNoFunctions) {
  const testing::ScratchDirectory scratch;
  EXPECT_TRUE(SymbolTable::Read(scratch.File("missing")).empty());
  EXPECT_TRUE(SymbolTable::Read(scratch.File("empty", "")).empty());
  EXPECT_TRUE(SymbolTable::Read(scratch.File("text", std::string(4096, 'x'))).empty());
}

TEST(SymbolTableTest, AFileThatIsCutShortHasNoFunctions) {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::string whole(size_t{1} << 16, '\0');
  file.read(whole.data(), static_cast<std::streamsize>(whole.size()));
  const testing::ScratchDirectory scratch;
  for (const size_t size : {4, 16, 63, 64, 65, 4096, 65536}) {
    EXPECT_TRUE(SymbolTable::Read(scratch.File("cut", whole.substr(0, size))).empty()) << size;
  }
}

TEST(SymbolTableTest, DamagedHeadersDoNoHarm) {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(file), {});
  const testing::ScratchDirectory scratch;
  for (size_t at = 16; at < 64; ++at) {  // every byte of the ELF header behind its magic
    std::string damaged = whole.substr(0, 4096) + whole.substr(whole.size() - 4096);
    damaged[at] = static_cast<char>(0xff);
    SymbolTable::Read(scratch.File("damaged", damaged)).Find(0x1000);
  }
}

}  // namespace
}  // namespace tailrace
