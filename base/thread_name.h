// What `top -H`, debuggers and profiles call a thread.
#pragma once

#include <string_view>

namespace tailrace {

// Names the calling thread; Linux keeps the first 15 bytes.
void NameThisThread(std::string_view name);

}  // namespace tailrace
