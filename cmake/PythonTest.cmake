# tailrace_python_test(NAME FILE [TIMEOUT s] [LABELS ...] [CONFIGURATIONS ...] [ARGUMENTS ...]): a test program in Python, run from the
# top of the tree against the daemon of this very build.
# Debian's own interpreter: what scripts/setup installs for the tests belongs to it.
find_program(TAILRACE_TEST_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
function(tailrace_python_test name file)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;CONFIGURATIONS;COMMAND;ARGUMENTS" ${ARGN})
  if(NOT ARG_COMMAND)
    set(ARG_COMMAND ${TAILRACE_TEST_PYTHON} -B)
  endif()
  set(when)
  if(ARG_CONFIGURATIONS)
    set(when CONFIGURATIONS ${ARG_CONFIGURATIONS})
  endif()
  add_test(NAME ${name} COMMAND ${ARG_COMMAND} ${file} ${ARG_ARGUMENTS} ${when} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "PYTHONPATH=${CMAKE_SOURCE_DIR};TAILRACE_BINARY=${CMAKE_BINARY_DIR}/tailrace")
endfunction()
