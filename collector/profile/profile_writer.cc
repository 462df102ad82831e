#include "collector/profile/profile_writer.h"

#include <libdeflate.h>

#include <memory>

#include "proto/wire_writer.h"

namespace tailrace {
namespace {

constexpr uint32_t kVarint = 0;
constexpr uint32_t kBytes = 2;

void AddNumber(uint32_t field, uint64_t value, std::string* out) {
  if (value == 0) return;
  AppendVarint(field << 3 | kVarint, out);
  AppendVarint(value, out);
}

void AddNumber(uint32_t field, int64_t value, std::string* out) { AddNumber(field, static_cast<uint64_t>(value), out); }

void AddBytes(uint32_t field, std::string_view bytes, std::string* out) {
  AppendField(field << 3 | kBytes, bytes, out);
}

std::string Gzipped(std::string_view bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  packed.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size()));
  return packed;
}

}  // namespace

// message Profile {
//   ValueType sample_type = 1 (repeated);  Sample sample = 2 (repeated);  Mapping mapping = 3 (repeated);
//   Location location = 4 (repeated);  Function function = 5 (repeated);  string string_table = 6 (repeated);
//   int64 time_nanos = 9;  int64 duration_nanos = 10;  ValueType period_type = 11;  int64 period = 12;
//   int64 comment = 13 (repeated);  int64 default_sample_type = 14;
// }
// message ValueType { int64 type = 1; int64 unit = 2; }          both: places in string_table
ProfileWriter::ProfileWriter(const std::vector<ValueType>& types, const ValueType& period_type, int64_t period)
    : unnamed_(addresses_.mappings().size()) {
  Text("");  // the first text is the empty one
  const auto written = [this](const ValueType& type) {
    std::string message;
    AddNumber(1, Text(type.type), &message);
    AddNumber(2, Text(type.unit), &message);
    return message;
  };
  for (const ValueType& type : types) AddBytes(1, written(type), &body_);
  AddBytes(11, written(period_type), &body_);
  AddNumber(12, period, &body_);
}

void ProfileWriter::SetDefaultType(const std::string& type) { AddNumber(14, Text(type), &body_); }

void ProfileWriter::AddComment(const std::string& text) { AddNumber(13, Text(text), &body_); }

// message Sample { uint64 location_id = 1 (packed); int64 value = 2 (packed); Label label = 3 (repeated); }
// message Label { int64 key = 1; int64 str = 2; }
void ProfileWriter::AddSample(std::span<const uintptr_t> frames, std::span<const int64_t> values,
                              const std::string& thread) {
  std::string locations;
  for (const uintptr_t frame : frames) AppendVarint(LocationOf(frame), &locations);
  std::string numbers;
  for (const int64_t value : values) AppendVarint(static_cast<uint64_t>(value), &numbers);
  std::string sample;
  AddBytes(1, locations, &sample);
  AddBytes(2, numbers, &sample);
  if (!thread.empty()) {
    std::string label;
    AddNumber(1, Text("thread"), &label);
    AddNumber(2, Text(thread), &label);
    AddBytes(3, label, &sample);
  }
  AddBytes(2, sample, &body_);
}

uint64_t ProfileWriter::Text(const std::string& text) {
  const auto [entry, is_new] = texts_.emplace(text, texts_in_order_.size());
  if (is_new) texts_in_order_.push_back(text);
  return entry->second;
}

// message Location { uint64 id = 1; uint64 mapping_id = 2; uint64 address = 3; Line line = 4 (repeated); }
// message Line { uint64 function_id = 1; }
// message Function { uint64 id = 1; int64 name = 2; int64 system_name = 3; }
uint64_t ProfileWriter::LocationOf(uintptr_t address) {
  const auto [entry, is_new] = locations_.emplace(address, locations_.size() + 1);
  if (!is_new) return entry->second;
  const int mapping = addresses_.MappingOf(address);
  std::string location;
  AddNumber(1, entry->second, &location);
  AddNumber(2, static_cast<uint64_t>(mapping + 1), &location);  // ids begin at 1; 0: none
  AddNumber(3, uint64_t{address}, &location);
  const std::string name = addresses_.FunctionAt(address);
  if (!name.empty()) {
    const uint64_t text = Text(name);
    const auto [function, is_new_function] = functions_.emplace(text, functions_.size() + 1);
    if (is_new_function) {
      std::string message;
      AddNumber(1, function->second, &message);
      AddNumber(2, text, &message);
      AddNumber(3, text, &message);
      AddBytes(5, message, &body_);
    }
    std::string line;
    AddNumber(1, function->second, &line);
    AddBytes(4, line, &location);
  } else if (mapping >= 0) {
    unnamed_[static_cast<size_t>(mapping)] = true;
  }
  AddBytes(4, location, &body_);
  return entry->second;
}

// message Mapping {
//   uint64 id = 1;  uint64 memory_start = 2;  uint64 memory_limit = 3;  uint64 file_offset = 4;
//   int64 filename = 5;  int64 build_id = 6;  bool has_functions = 7;
// }
void ProfileWriter::WriteMappings() {
  for (size_t i = 0; i < addresses_.mappings().size(); ++i) {
    const AddressSpace::Mapping& mapping = addresses_.mappings()[i];
    std::string message;
    AddNumber(1, uint64_t{i + 1}, &message);
    AddNumber(2, uint64_t{mapping.begin}, &message);
    AddNumber(3, uint64_t{mapping.end}, &message);
    AddNumber(4, mapping.file_offset, &message);
    AddNumber(5, Text(mapping.path), &message);
    AddNumber(6, Text(mapping.build_id), &message);
    // Where a name is missing, pprof looks for the file, or asks /debug/pprof/symbol.
    AddNumber(7, uint64_t{!unnamed_[i]}, &message);
    AddBytes(3, message, &body_);
  }
}

std::string ProfileWriter::Finish(int64_t time_ns, int64_t duration_ns) {
  WriteMappings();
  AddNumber(9, time_ns, &body_);
  AddNumber(10, duration_ns, &body_);
  for (const std::string& text : texts_in_order_) AddBytes(6, text, &body_);
  return Gzipped(body_);
}

}  // namespace tailrace
