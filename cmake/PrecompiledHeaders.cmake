# The standard library's headers and Abseil's are two thirds of what a file costs to compile; here they are read once for each build.
# Only headers of others: a change of ours rebuilds what includes it and nothing else, and tests/tidy compiles each of our headers alone,
# so none can lean on what stands here.
option(TAILRACE_PRECOMPILE "Read the standard library's headers once" ON)

# tailrace_precompiled(NAME library|program HEADERS... [LINK targets...]): a program's headers serve programs alone, since those are
# compiled with -fPIE and libraries with -fPIC. ccache must be told of them (CCACHE_SLOPPINESS in the Makefile).
function(tailrace_precompiled name kind)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINK" ${ARGN})
  if(NOT TAILRACE_PRECOMPILE)
    return()
  endif()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "int main() {}\n")
  if(kind STREQUAL "program")
    add_executable(${name} ${CMAKE_BINARY_DIR}/${name}.cc)
  else()
    add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cc)
  endif()
  target_link_libraries(${name} PUBLIC tailrace_options ${ARG_LINK})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

# The target reads `from`'s headers in place of its own.
function(tailrace_use_precompiled target from)
  if(TAILRACE_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

set(standard_headers
    <algorithm> <array> <atomic> <chrono> <cmath> <condition_variable> <cstring> <deque> <fstream> <functional> <iostream> <limits> <map>
    <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
    <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/strings/str_format.h> <absl/strings/str_split.h>
    <absl/container/flat_hash_map.h>)
tailrace_precompiled(tailrace_standard_headers library HEADERS ${standard_headers} LINK absl::statusor absl::str_format absl::flat_hash_map)
