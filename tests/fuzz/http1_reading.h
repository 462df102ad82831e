// How the framing of a connection's HTTP/1.1 requests reads by the letter of RFC 9112, for as long as it has one
// reading only: what Http1Session is held against. Anything unusual but lawful ends the reading with kUnsure.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace::testing {

struct Http1Reading {
  enum class End {
    kBytes,   // all was read, perhaps but for an unfinished request
    kFaulty,  // two programs might cut what comes next differently: no request may be taken from here on
    kUnsure,  // this reader does not know
  };
  struct Request {
    std::string method;
    std::string target;
    std::string body;
  };
  std::vector<Request> requests;  // complete ones
  End end = End::kBytes;
};

Http1Reading ReadHttp1(std::string_view bytes);

}  // namespace tailrace::testing
