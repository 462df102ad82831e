# What Debian's `hardening=+all` sets, and what gcc 12 adds to it, for every target of ours. A bug in what reads
# strangers' bytes then ends the process at once instead of giving it away.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)

check_pie_supported(LANGUAGES CXX)
foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "TAILRACE_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(tailrace_options INTERFACE ${flag})
  endif()
endforeach()
target_compile_options(tailrace_options INTERFACE -Wformat -Werror=format-security)
target_link_options(tailrace_options INTERFACE LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)

# glibc checks the sizes of buffers only where the compiler optimises, and a sanitizer checks them itself.
set(TAILRACE_FORTIFIED OFF)
if(NOT TAILRACE_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  set(TAILRACE_FORTIFIED ON)
  # Level 3 is gcc 12's; an older compiler takes it for 2.
  target_compile_options(tailrace_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
