# tailrace_python_test(NAME FILE [TIMEOUT s] [LABELS ...] [CONFIGURATIONS ...]): a test program in Python, run from the
# top of the tree against the daemon of this very build.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
function(tailrace_python_test name file)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;CONFIGURATIONS;COMMAND" ${ARGN})
  if(NOT ARG_COMMAND)
    set(ARG_COMMAND ${Python3_EXECUTABLE} -B)
  endif()
  set(when)
  if(ARG_CONFIGURATIONS)
    set(when CONFIGURATIONS ${ARG_CONFIGURATIONS})
  endif()
  add_test(NAME ${name} COMMAND ${ARG_COMMAND} ${file} ${when} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR};TAILRACE_BINARY=${CMAKE_BINARY_DIR}/tailrace")
endfunction()
