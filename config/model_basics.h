// What every part of the model is made of. Values.
#pragma once

#include <chrono>
#include <string>

namespace tailrace::config {

using Duration = std::chrono::nanoseconds;

// Where a value came from, for messages.
struct Location {
  std::string file;
  int line = 0;  // from 1; 0: unknown (a default, --set)
};

// Text that is looked up or compiled later, with its place for the messages of then.
struct LocatedText {
  std::string text;
  Location at;
};

// "type/name" as the Collector writes it; `type` in our canonical spelling (otlp, otlphttp, debug, loadbalancing).
struct ComponentId {
  std::string type;
  std::string name;
  std::string text;  // as the user wrote it: metrics labels and messages use this
};

}  // namespace tailrace::config
