# What every target of ours is compiled with.
add_library(tailrace_options INTERFACE)
target_include_directories(tailrace_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(tailrace_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                                  -Woverloaded-virtual -Wno-missing-field-initializers)
target_compile_definitions(tailrace_options INTERFACE TAILRACE_VERSION="${PROJECT_VERSION}"
                                                      BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY)
if(TAILRACE_HARDENING)
  include(${CMAKE_CURRENT_LIST_DIR}/Hardening.cmake)
endif()
if(TAILRACE_SANITIZE)
  target_compile_options(tailrace_options INTERFACE -fsanitize=${TAILRACE_SANITIZE} -fno-omit-frame-pointer
                                                    -fno-sanitize-recover=all)
  target_link_options(tailrace_options INTERFACE -fsanitize=${TAILRACE_SANITIZE})
endif()
if(TAILRACE_FUZZ)
  # Everything under a fuzz target is instrumented for coverage too.
  target_compile_options(tailrace_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(tailrace_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# tailrace_library(NAME SOURCES... [LINK targets...]): one folder, one library; LINK is its include rule.
function(tailrace_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC tailrace_options ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
  tailrace_use_precompiled(${name} tailrace_standard_headers)
endfunction()
