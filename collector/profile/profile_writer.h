// ProfileWriter: samples to a profile as `go tool pprof`, Pyroscope and Grafana read it: profile.proto, gzipped, with
// the names of functions in it, so that neither the program's file nor /debug/pprof/symbol is needed to read one.
// https://github.com/google/pprof/blob/main/proto/profile.proto
//
// Single-threaded. What it holds grows with the distinct addresses, which the samplers bound.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collector/profile/address_space.h"

namespace tailrace {

class ProfileWriter {
 public:
  struct ValueType {
    std::string type;  // "cpu"
    std::string unit;  // "nanoseconds"
  };

  // One of `types` for each value of a sample. `period`: how much of `period_type` lies between two samples.
  ProfileWriter(const std::vector<ValueType>& types, const ValueType& period_type, int64_t period);

  // The type that is shown first; one of the constructor's.
  void SetDefaultType(const std::string& type);

  // A remark that is shown with the profile.
  void AddComment(const std::string& text);

  // Innermost frame first. `thread`: its name; empty: not known.
  void AddSample(std::span<const uintptr_t> frames, std::span<const int64_t> values, const std::string& thread);

  // The whole profile. Times in nanoseconds: since 1970, and how long was sampled (0: at one moment). Once.
  std::string Finish(int64_t time_ns, int64_t duration_ns);

 private:
  uint64_t Text(const std::string& text);
  uint64_t LocationOf(uintptr_t address);
  void WriteMappings();

  AddressSpace addresses_;
  std::string body_;                         // everything but mappings and texts
  std::map<std::string, uint64_t> texts_;    // to its place in the string table
  std::vector<std::string> texts_in_order_;  // the string table
  std::unordered_map<uintptr_t, uint64_t> locations_;
  std::map<uint64_t, uint64_t> functions_;  // by the text of the name
  std::vector<bool> unnamed_;               // mappings with an address whose function is not known
};

}  // namespace tailrace
