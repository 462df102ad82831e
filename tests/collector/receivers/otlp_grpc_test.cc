// gRPC through the gRPC library, as an SDK or a Collector would call.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/grpc_client.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::testing {
namespace {

std::string OneSpan(uint64_t number = 1, size_t padding = 0) {
  return OtlpRequest()
      .Service("cart")
      .Span(OtlpSpan(TestId(16, number), TestId(8, number), "GET /")
                .Attribute("pad", StringValue(std::string(padding, 'p'))))
      .Bytes();
}

TEST(OtlpGrpc, TakesARequest) {
  ReceiverServer server;
  GrpcClient client(server.port());
  const GrpcResult result = client.Call(OneSpan());
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_EQ(result.response, "");
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>{OneSpan()});
  EXPECT_EQ(server.ingest().last_receiver, 7u);
  EXPECT_EQ(server.ingest().last_transport, static_cast<int>(Transport::kGrpc));
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(OtlpGrpc, TakesAnEmptyRequest) {
  ReceiverServer server;
  EXPECT_TRUE(GrpcClient(server.port()).Call("").status.ok());
  EXPECT_EQ(server.ingest().taken, 1u);
}

TEST(OtlpGrpc, TakesGzipAndDeflate) {
  ReceiverServer server;
  GrpcClient client(server.port());
  const std::string request = OneSpan(1, 10000);
  EXPECT_TRUE(client.Call(request, kExportMethod, GRPC_COMPRESS_GZIP).status.ok());
  EXPECT_TRUE(client.Call(request, kExportMethod, GRPC_COMPRESS_DEFLATE).status.ok());
  EXPECT_EQ(server.ingest().bodies(), std::vector<std::string>(2, request));
  EXPECT_LT(server.stats().wire_bytes_in, 10000u);
}

TEST(OtlpGrpc, TakesLargeMessages) {
  ReceiverServer server;
  GrpcClient client(server.port());
  const std::string request = OneSpan(1, size_t{20} << 20);
  EXPECT_TRUE(client.Call(request).status.ok());
  ASSERT_EQ(server.ingest().body_count(), 1u);
  EXPECT_TRUE(server.ingest().bodies()[0] == request);
}

TEST(OtlpGrpc, ManyRequestsOnOneConnection) {
  ReceiverServer server;
  GrpcClient client(server.port());
  for (uint64_t i = 1; i <= 1000; ++i) ASSERT_TRUE(client.Call(OneSpan(i)).status.ok()) << i;
  EXPECT_EQ(server.ingest().taken, 1000u);
  EXPECT_EQ(server.stats().opened, 1u);
}

TEST(OtlpGrpc, ManyStreamsAtOnce) {
  ReceiverServer server;
  GrpcClient client(server.port());
  std::vector<std::thread> threads;
  std::atomic<int> ok{0};
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) ok += client.Call(OneSpan(1, 50000)).status.ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ok, 800);
  EXPECT_EQ(server.ingest().taken, 800u);
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(OtlpGrpc, RefusesSpansWithBadIdsAlone) {
  ReceiverServer server;
  const std::string request = OtlpRequest()
                                  .Span(OtlpSpan(TestId(16, 1), TestId(8, 1)))
                                  .Span(OtlpSpan(TestId(16, 1), std::string(8, '\0')))
                                  .Bytes();
  const GrpcResult result = GrpcClient(server.port()).Call(request);
  EXPECT_TRUE(result.status.ok());
  const std::string partial = WireBuilder().Varint(1, 1).Bytes(2, "spans with a bad id").Bytes();
  EXPECT_EQ(result.response, WireBuilder().Bytes(1, partial).Bytes());
}

TEST(OtlpGrpc, MalformedIsInvalidArgument) {
  ReceiverServer server;
  const GrpcResult result = GrpcClient(server.port()).Call("\x0A\xFFgarbage");
  EXPECT_EQ(result.status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(result.status.error_message(), "not an ExportTraceServiceRequest");
  EXPECT_EQ(server.stats().malformed, 1u);
}

TEST(OtlpGrpc, OverloadIsUnavailableWithRetryInfo) {
  ReceiverServer server;
  server.ingest().overloaded = true;
  const GrpcResult result = GrpcClient(server.port()).Call(OneSpan());
  EXPECT_EQ(result.status.error_code(), grpc::UNAVAILABLE);
  const std::string delay = WireBuilder().Varint(1, 1).Varint(2, 500000000).Bytes();
  const std::string any = WireBuilder()
                              .Bytes(1, "type.googleapis.com/google.rpc.RetryInfo")
                              .Bytes(2, WireBuilder().Bytes(1, delay).Bytes())
                              .Bytes();
  EXPECT_EQ(result.status.error_details(), WireBuilder().Varint(1, 14).Bytes(2, "no room").Bytes(3, any).Bytes());
}

TEST(OtlpGrpc, NoBufferIsUnavailableWithRetryInfo) {
  ReceiverServer server({}, /*buffer_bytes=*/4096);
  const GrpcResult result = GrpcClient(server.port()).Call(OneSpan(1, 100000));
  EXPECT_EQ(result.status.error_code(), grpc::UNAVAILABLE);
  EXPECT_NE(result.status.error_details().find("google.rpc.RetryInfo"), std::string::npos);
  EXPECT_EQ(server.ingest().refused, 1u);
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(OtlpGrpc, TooLargeIsResourceExhaustedWithoutRetryInfo) {
  ReceiverServer server({.body_bytes_max = 100000});
  GrpcClient client(server.port());
  const GrpcResult result = client.Call(OneSpan(1, 3000000));
  EXPECT_EQ(result.status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(result.status.error_details(), "");
  EXPECT_EQ(server.stats().too_large, 1u);
  EXPECT_EQ(server.ingest().failed, 1u);
  EXPECT_TRUE(client.Call(OneSpan()).status.ok()) << "the connection goes on";
}

TEST(OtlpGrpc, TooLargeAfterInflatingIsResourceExhausted) {
  ReceiverServer server({.inflated_bytes_max = 100000});
  const GrpcResult result = GrpcClient(server.port()).Call(OneSpan(1, 30000000), kExportMethod, GRPC_COMPRESS_GZIP);
  EXPECT_EQ(result.status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(server.stats().too_large, 1u);
  EXPECT_EQ(server.buffer_bytes_in_use(), 0u);
}

TEST(OtlpGrpc, UnknownMethodsAreUnimplemented) {
  ReceiverServer server;
  GrpcClient client(server.port());
  for (const char* method :
       {"/opentelemetry.proto.collector.trace.v1.TraceService/Import",
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export", "/grpc.health.v1.Health/Watch"}) {
    EXPECT_EQ(client.Call("", method).status.error_code(), grpc::UNIMPLEMENTED) << method;
  }
}

TEST(OtlpGrpc, Health) {
  ReceiverServer server;
  GrpcClient client(server.port());
  const char* check = "/grpc.health.v1.Health/Check";
  EXPECT_EQ(client.Call("", check).response, "\x08\x01");
  const std::string service = "opentelemetry.proto.collector.trace.v1.TraceService";
  EXPECT_EQ(client.Call(WireBuilder().Bytes(1, service).Bytes(), check).response, "\x08\x01");
  EXPECT_EQ(client.Call(WireBuilder().Bytes(1, "other").Bytes(), check).status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(server.ingest().taken, 0u);
}

}  // namespace
}  // namespace tailrace::testing
