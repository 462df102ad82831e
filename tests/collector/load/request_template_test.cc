// Prepared requests are what they claim to be: right sizes, right structure, and still right after ids were written
// over, plain and compressed.
#include "collector/load/request_template.h"

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <zstd.h>

#include <map>

#include "proto/request_scanner.h"
#include "proto/wire_reader.h"

namespace tailrace {
namespace {

constexpr uint64_t kBaseNs = 1'700'000'000'000'000'000;

std::vector<MadeTrace> Traces(size_t count) {
  std::vector<MadeTrace> traces(count);
  for (size_t i = 0; i < count; ++i) {
    traces[i].id = EncodeTraceId({.number = i, .seed = 9, .spans = 20});
    traces[i].trace_class = static_cast<TraceClass>(i % kTraceClasses);
    traces[i].salt = i + 1;
  }
  return traces;
}

std::vector<TraceId> OtherIds(size_t count, uint32_t seed) {
  std::vector<TraceId> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back(EncodeTraceId({.number = i + 1000, .seed = seed, .spans = 20}));
  return ids;
}

RequestTemplate Make(const TrafficShape& shape, LoadCompression compression, size_t traces, bool grpc = false) {
  absl::StatusOr<RequestTemplate> made = RequestTemplate::Make(
      {.traces = Traces(traces), .service_begin = 0, .service_end = shape.services}, shape, compression, grpc, kBaseNs);
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

// What the scanner finds: spans, status bits and times by trace.
std::map<std::string, SpanRun> Scan(std::string_view message) {
  ScannedRequest scanned;
  EXPECT_EQ(ScanRequest(message, &scanned), ScanError::kNone);
  EXPECT_EQ(scanned.rejected_spans, 0u);
  std::map<std::string, SpanRun> traces;
  for (const SpanRun& run : scanned.runs) {
    SpanRun& sum = traces[run.trace_id.ToHex()];
    sum.span_count += run.span_count;
    sum.seen |= run.seen;
    if (run.time.min_start_ns > 0) sum.time.Add(run.time.min_start_ns, run.time.max_end_ns);
  }
  return traces;
}

std::string Gunzip(std::string_view gzip, size_t size) {
  std::string out(size, '\0');
  libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
  size_t got = 0;
  EXPECT_EQ(libdeflate_gzip_decompress(inflater, gzip.data(), gzip.size(), out.data(), out.size(), &got),
            LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(inflater);
  EXPECT_EQ(got, size);
  return out;
}

std::string Unzstd(std::string_view packed, size_t size) {
  std::string out(size, '\0');
  EXPECT_EQ(ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size()), size);
  return out;
}

// Sizes of all Span messages of a request.
std::vector<size_t> SpanSizes(std::string_view message) {
  std::vector<size_t> sizes;
  for (WireReader request(message); request.Next();) {
    for (WireReader resource(request.Bytes()); resource.Next();) {
      if (resource.field() != 2) {
        resource.Skip();
        continue;
      }
      for (WireReader scope(resource.Bytes()); scope.Next();) {
        const std::string_view bytes = scope.Bytes();
        if (scope.field() == 2) sizes.push_back(bytes.size());
      }
    }
  }
  return sizes;
}

TEST(RequestTemplate, EverySpanHasExactlyTheSizeAskedFor) {
  for (uint32_t size : {128u, 129u, 200u, 255u, 256u, 257u, 300u, 384u, 400u, 456u, 457u, 1000u, 16'500u, 20'000u}) {
    const TrafficShape shape{.span_bytes = size};
    const std::vector<size_t> sizes = SpanSizes(Make(shape, LoadCompression::kNone, 5).message());
    ASSERT_EQ(sizes.size(), 100u);
    for (size_t one : sizes) EXPECT_EQ(one, size);
  }
}

TEST(RequestTemplate, TracesAreWholeAndOfTheirClass) {
  const TrafficShape shape;
  const auto traces = Scan(Make(shape, LoadCompression::kNone, 6).message());
  ASSERT_EQ(traces.size(), 6u);
  for (const MadeTrace& trace : Traces(6)) {
    const SpanRun& found = traces.at(trace.id.ToHex());
    EXPECT_EQ(found.span_count, 20u);
    EXPECT_TRUE(found.seen & kSeenRoot);
    EXPECT_EQ((found.seen & kSeenStatusError) != 0, trace.trace_class == TraceClass::kError);
    EXPECT_EQ(found.time.duration_ns() > 500'000'000, trace.trace_class == TraceClass::kSlow);
    EXPECT_GE(found.time.min_start_ns, kBaseNs);
  }
}

TEST(RequestTemplate, PatchingMovesIdsAndTimesAndNothingElse) {
  const TrafficShape shape;
  RequestTemplate request = Make(shape, LoadCompression::kNone, 5, true);
  const std::string before(request.message());
  const std::vector<TraceId> ids = OtherIds(5, 4);
  request.Patch(ids, kBaseNs + 12'345);
  const auto traces = Scan(request.message());
  for (size_t i = 0; i < ids.size(); ++i) {
    const SpanRun& found = traces.at(ids[i].ToHex());
    EXPECT_EQ(found.span_count, 20u);
    EXPECT_EQ(found.seen, Scan(before).at(Traces(5)[i].id.ToHex()).seen);
    EXPECT_EQ(found.time.min_start_ns, Scan(before).at(Traces(5)[i].id.ToHex()).time.min_start_ns + 12'345);
  }
  std::vector<TraceId> first_ids;
  for (const MadeTrace& trace : Traces(5)) first_ids.push_back(trace.id);
  request.Patch(first_ids, kBaseNs);
  EXPECT_EQ(request.message(), before);
}

TEST(RequestTemplate, GrpcPrefixSaysSizeAndCompression) {
  for (LoadCompression compression : {LoadCompression::kNone, LoadCompression::kGzip, LoadCompression::kZstd}) {
    const RequestTemplate request = Make(TrafficShape{}, compression, 5, true);
    EXPECT_EQ(request.body()[0], compression == LoadCompression::kNone ? 0 : 1);
    uint32_t size = 0;
    for (int i = 1; i < 5; ++i) size = size << 8 | static_cast<uint8_t>(request.body()[i]);
    EXPECT_EQ(size, request.body().size() - 5);
  }
}

TEST(RequestTemplate, CompressedRequestsInflateToTheNewIds) {
  const TrafficShape shape;
  for (LoadCompression compression : {LoadCompression::kGzip, LoadCompression::kZstd}) {
    RequestTemplate request = Make(shape, compression, 5);
    RequestTemplate plain = Make(shape, LoadCompression::kNone, 5);
    const auto inflate = compression == LoadCompression::kGzip ? Gunzip : Unzstd;
    EXPECT_EQ(inflate(request.body(), plain.message().size()), plain.message());
    // Packs as compressors do: several times.
    EXPECT_LT(request.body().size() * 4, plain.message().size());
    for (uint32_t seed = 1; seed <= 50; ++seed) {
      const std::vector<TraceId> ids = OtherIds(5, seed);
      request.Patch(ids, kBaseNs + seed);
      plain.Patch(ids, kBaseNs);  // compressed times stay
      ASSERT_EQ(inflate(request.body(), plain.message().size()), plain.message()) << seed;
    }
  }
}

// Nothing to match, everything to match, one byte: each takes another way through the encoder.
TEST(PatchableGzip, PacksAnyText) {
  std::string varied;
  for (uint64_t i = 0; i < 5000; ++i) varied.push_back(static_cast<char>(EncodeSpanId(0, i + 1)));
  for (const std::string& text : {std::string(), std::string("x"), std::string(100'000, 'a'), varied,
                                  varied.substr(0, 300) + std::string(40'000, 'b') + varied.substr(0, 300)}) {
    EXPECT_EQ(Gunzip(PatchableGzip(text, {}).bytes(), text.size()), text);
  }
}

}  // namespace
}  // namespace tailrace
