#include "tests/collector/exporters/scripted_backend.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <mutex>
#include <utility>

#include "tests/support/otlp_builder.h"

namespace tailrace::testing {

std::string RetryInfoDetails(int code, std::chrono::nanoseconds delay) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(delay);
  const std::string duration = WireBuilder()
                                   .Varint(1, static_cast<uint64_t>(seconds.count()))
                                   .Varint(2, static_cast<uint64_t>((delay - seconds).count()))
                                   .Bytes();
  const std::string retry_info = WireBuilder().Bytes(1, duration).Bytes();
  const std::string any =
      WireBuilder().Bytes(1, "type.googleapis.com/google.rpc.RetryInfo").Bytes(2, retry_info).Bytes();
  return WireBuilder().Varint(1, static_cast<uint64_t>(code)).Bytes(2, "wait").Bytes(3, any).Bytes();
}

Answer Ok() { return {}; }

Answer Failing(int code, std::optional<std::chrono::nanoseconds> retry_after) {
  Answer answer;
  answer.code = code;
  answer.message = "scripted";
  if (retry_after.has_value()) answer.details = RetryInfoDetails(code, *retry_after);
  return answer;
}

Answer PartialSuccess(int64_t rejected, const std::string& message) {
  Answer answer;
  const std::string partial = WireBuilder().Varint(1, static_cast<uint64_t>(rejected)).Bytes(2, message).Bytes();
  answer.response = WireBuilder().Bytes(1, partial).Bytes();
  return answer;
}

Answer Hang() {
  Answer answer;
  answer.hang = true;
  return answer;
}

class ScriptedBackend::Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(std::vector<Answer> script) : script_(std::move(script)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Reactor(this, context);
  }

  std::vector<BackendRequest> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  class Reactor final : public grpc::ServerGenericBidiReactor {
   public:
    Reactor(Service* service, grpc::GenericCallbackServerContext* context) : service_(service), context_(context) {
      StartRead(&request_);
    }
    void OnReadDone(bool ok) override {
      if (!ok) {
        Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
        return;
      }
      const Answer answer = service_->Take(*context_, request_);
      if (answer.hang) {
        std::lock_guard lock(mutex_);
        hanging_ = true;
        if (cancelled_) Finish(grpc::Status::CANCELLED);
        return;
      }
      if (answer.code != 0) {
        Finish(grpc::Status(static_cast<grpc::StatusCode>(answer.code), answer.message, answer.details));
        return;
      }
      const grpc::Slice slice(answer.response);
      response_ = grpc::ByteBuffer(&slice, 1);
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void OnCancel() override {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      if (hanging_) Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

   private:
    Service* const service_;
    grpc::GenericCallbackServerContext* const context_;
    grpc::ByteBuffer request_;
    grpc::ByteBuffer response_;
    std::mutex mutex_;
    bool hanging_ = false;
    bool cancelled_ = false;
  };

  Answer Take(const grpc::GenericCallbackServerContext& context, const grpc::ByteBuffer& bytes) {
    BackendRequest request;
    request.method = context.method();
    std::vector<grpc::Slice> slices;
    if (bytes.Dump(&slices).ok()) {
      for (const auto& slice : slices) {
        request.payload.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
      }
    }
    for (const auto& [key, value] : context.client_metadata()) {
      request.metadata.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
    }
    std::lock_guard lock(mutex_);
    const size_t number = requests_.size();
    requests_.push_back(std::move(request));
    return number < script_.size() ? script_[number] : Answer();
  }

  const std::vector<Answer> script_;
  mutable std::mutex mutex_;
  std::vector<BackendRequest> requests_;  // guarded by mutex_
};

struct ScriptedBackend::Impl {
  explicit Impl(std::vector<Answer> script) : service(std::move(script)) {}
  Service service;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
};

ScriptedBackend::ScriptedBackend(std::vector<Answer> script, int port, std::optional<BackendTls> tls)
    : impl_(std::make_unique<Impl>(std::move(script))) {
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (tls.has_value()) {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({tls->key_pem, tls->cert_pem});
    credentials = grpc::SslServerCredentials(options);
  }
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials, &impl_->port);
  builder.RegisterCallbackGenericService(&impl_->service);
  impl_->server = builder.BuildAndStart();
}

ScriptedBackend::~ScriptedBackend() {
  if (impl_->server != nullptr) impl_->server->Shutdown(std::chrono::system_clock::now());
}

int ScriptedBackend::port() const { return impl_->port; }
std::string ScriptedBackend::endpoint() const { return "127.0.0.1:" + std::to_string(impl_->port); }
std::vector<BackendRequest> ScriptedBackend::requests() const { return impl_->service.requests(); }

}  // namespace tailrace::testing
