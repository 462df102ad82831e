// Made-up requests through WriteOtlpJson and ParseOtlpJson must come back as they were, and byte for byte as
// libprotobuf writes them.
#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "tests/proto/random_request.h"

namespace tailrace {
namespace {

using testing::Dice;
using testing::RandomOtlp;

TEST(JsonRoundTrip, MadeUpRequestsComeBackByteForByte) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const std::string before = RandomOtlp(&dice).SerializeAsString();
    std::string json, after;
    ASSERT_TRUE(WriteOtlpJson(before, &json)) << "seed " << seed;
    const absl::Status status = ParseOtlpJson(json, &after);
    ASSERT_TRUE(status.ok()) << "seed " << seed << ": " << status << "\n" << json;
    ASSERT_EQ(after.size(), before.size()) << "seed " << seed << "\n" << json;
    opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest parsed;
    ASSERT_TRUE(parsed.ParseFromString(after)) << "seed " << seed;
    ASSERT_EQ(parsed.SerializeAsString(), before) << "seed " << seed << "\n" << json;
  }
}

}  // namespace
}  // namespace tailrace
