# Makes a .cc that holds the page's files, for collector/admin/page_files.h:
#   cmake -D DIST=ui/dist -D OPENAPI=openapi.json -D TO=page_files.cc -D GZIP=/bin/gzip -P EmbedPage.cmake
file(GLOB_RECURSE names RELATIVE ${DIST} ${DIST}/*)
list(SORT names)
set(files)
foreach(name IN LISTS names)
  list(APPEND files "/${name}|${DIST}/${name}")
endforeach()
list(APPEND files "/api/v1/openapi.json|${OPENAPI}")

# Pulls `file` into the data of the program, between two symbols.
function(embed symbol file)
  string(APPEND text
    "asm(\".pushsection .rodata, \\\"a\\\"\\n.balign 16\\n${symbol}:\\n.incbin \\\"${file}\\\"\\n${symbol}_end:\\n.popsection\");\n"
    "extern const char ${symbol}[] __attribute__((visibility(\"hidden\")));\n"
    "extern const char ${symbol}_end[] __attribute__((visibility(\"hidden\")));\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

set(text "// Made by cmake/EmbedPage.cmake.\n#include \"collector/admin/page_files.h\"\n\nextern \"C\" {\n")
set(rows)
set(number 0)
foreach(entry IN LISTS files)
  string(REPLACE "|" ";" entry "${entry}")
  list(GET entry 0 path)
  list(GET entry 1 file)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  set(packed ${TO}.${number}.gz)
  execute_process(COMMAND ${GZIP} -9 -n -c INPUT_FILE ${file} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
  embed(tailrace_page_${number} ${file})
  embed(tailrace_page_gz_${number} ${packed})
  string(APPEND rows "      {\"${path}\", Between(tailrace_page_${number}, tailrace_page_${number}_end),\n"
                     "       Between(tailrace_page_gz_${number}, tailrace_page_gz_${number}_end), \"${digest}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND text "}\n
namespace tailrace {
namespace {
std::string_view Between(const char* from, const char* to) { return {from, static_cast<size_t>(to - from)}; }
}  // namespace

std::span<const PageFile> PageFiles() {
  static const PageFile kFiles[] = {
${rows}  };
  return kFiles;
}

}  // namespace tailrace
")
file(WRITE ${TO} "${text}")
