// One unary gRPC call through the gRPC library's generic stub: a client that is not ours. Link PkgConfig::GRPCPP.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

namespace tailrace::testing {

struct GrpcResult {
  grpc::Status status;
  std::string response;
};

inline constexpr const char* kExportMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

class GrpcClient {
 public:
  explicit GrpcClient(uint16_t port)
      : channel_(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials())),
        stub_(channel_) {}

  GrpcResult Call(const std::string& request, const std::string& method = kExportMethod,
                  grpc_compression_algorithm compression = GRPC_COMPRESS_NONE) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    context.set_compression_algorithm(compression);
    grpc::Slice slice(request);
    const grpc::ByteBuffer message(&slice, 1);
    grpc::CompletionQueue queue;
    const std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> call =
        stub_.PrepareUnaryCall(&context, method, message, &queue);
    GrpcResult result;
    grpc::ByteBuffer response;
    call->StartCall();
    call->Finish(&response, &result.status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (result.status.ok()) {
      grpc::Slice bytes;
      if (response.DumpToSingleSlice(&bytes).ok()) result.response.assign(bytes.begin(), bytes.end());
    }
    return result;
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  grpc::GenericStub stub_;
};

}  // namespace tailrace::testing
