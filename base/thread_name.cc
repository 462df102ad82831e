#include "base/thread_name.h"

#include <pthread.h>

#include <algorithm>
#include <string>

namespace tailrace {

void NameThisThread(std::string_view name) {
  constexpr size_t kBytesMax = 15;
  pthread_setname_np(pthread_self(), std::string(name.substr(0, std::min(name.size(), kBytesMax))).c_str());
}

}  // namespace tailrace
