#include "collector/exporters/grpc_transport.h"

#include <grpcpp/alarm.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/hops.h"
#include "collector/exporters/authenticator.h"
#include "collector/exporters/otlp_channel.h"
#include "collector/exporters/otlp_status.h"

namespace tailrace {
namespace {

constexpr char kMethod[] = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// gRPC reads the payload where it lies; the reference is given back when the last byte is on its way.
grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const std::string> payload) {
  auto* owner = new std::shared_ptr<const std::string>(std::move(payload));
  const auto release = [](void* user_data) { delete static_cast<std::shared_ptr<const std::string>*>(user_data); };
  // gRPC does not write to it.
  const grpc::Slice slice(const_cast<char*>((*owner)->data()), (*owner)->size(), release, owner);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

// One request on its way; its address is the completion queue's tag.
struct Call {
  uint64_t tag = 0;
  grpc::ClientContext context;
  grpc::ByteBuffer response;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

class GrpcTransport final : public BackendTransport {
 public:
  GrpcTransport(const config::OtlpExporterConfig& config, const Clock& clock) : config_(config), clock_(clock) {}

  ~GrpcTransport() override {
    CancelAll();
    {
      std::lock_guard lock(wake_mutex_);
      finished_ = true;
    }
    completions_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (completions_.Next(&tag, &ok)) {  // a wake-up or a cancelled call that was still under way
    }
  }

  absl::Status Start() override {
    auto metadata = MakeMetadata(config_.headers);
    if (!metadata.ok()) return metadata.status();
    metadata_ = *std::move(metadata);
    auto authenticator = MakeAuthenticator(config_.auth);
    if (!authenticator.ok()) return authenticator.status();
    authenticator_ = *std::move(authenticator);
    auto channel = MakeOtlpChannel(config_);
    if (!channel.ok()) return channel.status();
    stub_ = std::make_unique<grpc::GenericStub>(*std::move(channel));
    return absl::OkStatus();
  }

  void Send(uint64_t tag, const ExportBatch& batch) override {
    auto call = std::make_unique<Call>();
    call->tag = tag;
    if (config_.timeout.count() > 0) {
      call->context.set_deadline(gpr_time_from_nanos(config_.timeout.count(), GPR_TIMESPAN));
    }
    if (config_.compression == "gzip") call->context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    for (const auto& [key, value] : metadata_) call->context.AddMetadata(key, value);
    if (config_.marks_hops) call->context.AddMetadata(std::string(kHopsField), absl::StrCat(NextHops(batch.hops)));
    if (authenticator_ != nullptr) {
      const absl::StatusOr<AuthHeader> header = authenticator_->Header();
      if (!header.ok()) {
        SendResult result{.outcome = SendResult::Outcome::kRetry, .error = std::string(header.status().message())};
        unsent_.push_back({tag, std::move(result)});
        return;
      }
      call->context.AddMetadata(absl::AsciiStrToLower(header->name), header->value);
    }
    call->reader = stub_->PrepareUnaryCall(&call->context, kMethod, ToByteBuffer(batch.payload), &completions_);
    call->reader->StartCall();
    Call* const address = call.get();
    calls_.emplace(address, std::move(call));
    address->reader->Finish(&address->response, &address->status, address);
  }

  void Poll(int64_t until_ns, std::vector<TransportAnswer>* answers) override {
    std::move(unsent_.begin(), unsent_.end(), std::back_inserter(*answers));
    unsent_.clear();
    if (!answers->empty()) until_ns = 0;
    // The first event is waited for; the others are those that are there already.
    while (Next(until_ns, answers)) until_ns = 0;
  }

  void Wake() override {
    std::lock_guard lock(wake_mutex_);
    if (wake_pending_ || finished_) return;
    wake_pending_ = true;
    // An alarm that is due at once is the one event that any thread may put into a completion queue.
    wake_.Set(&completions_, gpr_time_0(GPR_CLOCK_MONOTONIC), &wake_);
  }

  void CancelAll() override {
    for (const auto& [address, call] : calls_) call->context.TryCancel();
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  bool Next(int64_t until_ns, std::vector<TransportAnswer>* answers) {
    const gpr_timespec deadline =
        until_ns == kNever ? gpr_inf_future(GPR_CLOCK_MONOTONIC)
                           : gpr_time_from_nanos(std::max<int64_t>(until_ns - clock_.MonotonicNs(), 0), GPR_TIMESPAN);
    void* tag = nullptr;
    bool ok = false;
    if (completions_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return false;
    if (tag == &wake_) {
      std::lock_guard lock(wake_mutex_);
      wake_pending_ = false;
    } else {
      answers->push_back(Answer(static_cast<Call*>(tag)));
    }
    return true;
  }

  TransportAnswer Answer(Call* finished) {
    const auto node = calls_.extract(finished);
    const Call& call = *node.mapped();
    if (call.status.ok()) return {call.tag, SuccessfulExport(ToString(call.response))};
    const int code = call.status.error_code();
    if (authenticator_ != nullptr && (code == grpc::UNAUTHENTICATED || code == grpc::PERMISSION_DENIED)) {
      authenticator_->Refused();
    }
    return {call.tag, FailedExport(code, call.status.error_message(), call.status.error_details())};
  }

  // Immutable; from Start() on.
  const config::OtlpExporterConfig config_;
  const Clock& clock_;
  std::map<std::string, std::string> metadata_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<grpc::GenericStub> stub_;

  std::mutex wake_mutex_;
  bool wake_pending_ = false;  // guarded by wake_mutex_
  bool finished_ = false;      // guarded by wake_mutex_

  grpc::CompletionQueue completions_;
  grpc::Alarm wake_;  // after completions_: ends before it; Set() under wake_mutex_

  // Single-writer: the loop's thread.
  std::unordered_map<Call*, std::unique_ptr<Call>> calls_;
  std::vector<TransportAnswer> unsent_;
};

}  // namespace

std::unique_ptr<BackendTransport> MakeGrpcTransport(const config::OtlpExporterConfig& config, const Clock& clock) {
  return std::make_unique<GrpcTransport>(config, clock);
}

}  // namespace tailrace
