// What the page's server sends as it is: the files that the build found in ui/dist/, and openapi.json. Part of the
// program. Immutable; any thread.
#pragma once

#include <span>
#include <string_view>

namespace tailrace {

struct PageFile {
  std::string_view path;  // of the URL: "/index.html", "/assets/page.js"
  std::string_view bytes;
  std::string_view gzip;    // the same, packed
  std::string_view digest;  // of `bytes`, hexadecimal
};

// The definition is made by cmake/EmbedPage.cmake.
std::span<const PageFile> PageFiles();

}  // namespace tailrace
