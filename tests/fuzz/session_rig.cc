#include "tests/fuzz/session_rig.h"

#include <algorithm>
#include <utility>

#include "proto/request_scanner.h"
#include "tests/fuzz/fuzz_target.h"

// AddressSanitizer's; absent without it.
extern "C" __attribute__((weak)) size_t __sanitizer_get_current_allocated_bytes();

namespace tailrace::testing {
namespace {

constexpr size_t kPoolBytes = size_t{1} << 20;
constexpr size_t kSmallPoolBytes = size_t{8} << 10;
// What one connection may hold beside its bodies, which the pool bounds. Inputs are of 16 kB: this is their bytes, at
// most 256 streams of about 2 kB of ours and of nghttp2's, its tables, and the answers that the client does not read.
constexpr size_t kSessionBytesMax = size_t{2} << 20;
// Both requests and time are bounded: an answer is at most this.
constexpr size_t kOutputBytesMax = size_t{16} << 20;

class FakeIngest final : public Ingest {
 public:
  explicit FakeIngest(size_t buffer_bytes) : pool_(buffer_bytes) {}
  IngestResult Take(const BufferRef& request, uint32_t /*receiver*/, Transport /*transport*/,
                    uint8_t /*hops*/) override {
    if (overloaded) {
      ++outcome->refused;
      return {.code = IngestCode::kOverloaded, .retry_after_ms = 1500, .message = "no room"};
    }
    if (ScanRequest(request->view(), &scanned_) != ScanError::kNone) {
      ++outcome->failed;
      return {.code = IngestCode::kMalformed, .message = "not an ExportTraceServiceRequest"};
    }
    ++outcome->taken;
    outcome->bodies.emplace_back(request->view());
    return {.accepted_spans = scanned_.span_count,
            .rejected_spans = scanned_.rejected_spans,
            .message = scanned_.rejected_spans > 0 ? "spans with a bad id" : ""};
  }
  BufferPool& buffers() override { return pool_; }
  void CountRefused(uint32_t /*receiver*/, Transport /*transport*/) override { ++outcome->refused; }
  void CountFailed(uint32_t /*receiver*/, Transport /*transport*/) override { ++outcome->failed; }
  ConnectionStats& connections() override { return stats_; }

  bool overloaded = false;
  SessionOutcome* outcome = nullptr;

 private:
  BufferPool pool_;
  ScannedRequest scanned_;
  ConnectionStats stats_;
};

class FakeCheck final : public PendingCheck {
 public:
  explicit FakeCheck(AuthOutcome outcome) : outcome_(outcome) {}
  void WhenDone(std::function<void()> done) override { done(); }
  AuthVerdict verdict() const override {
    return {.outcome = over ? outcome_ : AuthOutcome::kPending, .text = over ? "checked" : ""};
  }
  bool over = false;

 private:
  AuthOutcome outcome_;
};

// The first letter of the credential is what becomes of it: at once, or (capital) after a while.
class FakeAuthenticator final : public ServerAuthenticator {
 public:
  const std::string& header() const override { return header_; }
  const std::string& challenge() const override { return challenge_; }
  std::string_view missing_text() const override { return "no credentials"; }
  config::Duration Look() override { return {}; }
  AuthVerdict Check(std::string_view value) override {
    switch (value.empty() ? '\0' : value[0]) {
      case 'a':
        return {};
      case 'b':
        ++*busy;
        return {.outcome = AuthOutcome::kBusy, .text = "busy"};
      case 'A':
        return Pending(AuthOutcome::kAllowed);
      case 'W':
        return Pending(AuthOutcome::kWrong);
      default:
        return {.outcome = AuthOutcome::kWrong, .text = "wrong"};
    }
  }

  uint64_t* busy = nullptr;

 private:
  static AuthVerdict Pending(AuthOutcome outcome) {
    return {.outcome = AuthOutcome::kPending, .check = std::make_shared<FakeCheck>(outcome)};
  }
  const std::string header_ = "authorization";
  const std::string challenge_ = "Fuzz";
};

size_t AllocatedBytes() {
  return __sanitizer_get_current_allocated_bytes != nullptr ? __sanitizer_get_current_allocated_bytes() : 0;
}

}  // namespace

SessionInput SessionInput::Read(std::string_view input) {
  SessionInput read;
  if (input.size() < 2) return read;
  const auto options = static_cast<uint8_t>(input[0]);
  read.small_limits = (options & 1) != 0;
  read.small_pool = (options & 2) != 0;
  read.overloaded = (options & 4) != 0;
  read.access = (options & 8) != 0;
  read.collect_at_end = (options & 16) != 0;
  read.steps = input.substr(2, static_cast<uint8_t>(input[1]) % 16);
  read.bytes = input.substr(2 + read.steps.size());
  return read;
}

std::string SessionOutcome::Text() const {
  return "taken " + std::to_string(taken) + ", refused " + std::to_string(refused) + ", failed " +
         std::to_string(failed) + ", busy " + std::to_string(busy) + (broken ? ", broken" : "") +
         (finished ? ", finished" : "") + ", sent " + std::to_string(output.size()) + " bytes:\n" + output;
}

struct SessionRig::Impl {
  explicit Impl(size_t buffer_bytes) : ingest(buffer_bytes) {}

  FakeIngest ingest;
  ManualClock clock;
  FakeAuthenticator authenticator;
  ListenerAccess access{"fuzz", &authenticator};
  ShardReceiver shard{ingest, clock};

  void Collect(Session* session) {
    const size_t before = ingest.outcome->output.size();
    session->Collect(&ingest.outcome->output, before + kOutputBytesMax);
    Require(ingest.outcome->output.size() < kOutputBytesMax, "what is answered is bounded");
  }

  void Pass(std::chrono::nanoseconds time, Session* session) {
    clock.Advance(time);
    shard.now_ns = clock.MonotonicNs();
    session->OnTick(shard.now_ns);
  }

  // As the connection does: nothing is read while credentials are being checked. `late`: long enough for a time-out.
  void EndChecks(Session* session, bool late) {
    while (!session->broken()) {
      const std::shared_ptr<PendingCheck> check = session->awaited();
      if (check == nullptr) return;
      if (late) Pass(std::chrono::seconds(40), session);
      static_cast<FakeCheck&>(*check).over = true;
      session->OnChecked();
    }
  }
};

SessionRig::SessionRig()
    : roomy_(std::make_unique<Impl>(kPoolBytes)), scarce_(std::make_unique<Impl>(kSmallPoolBytes)) {}
SessionRig::~SessionRig() = default;

SessionOutcome SessionRig::Run(const SessionInput& input, const MakeSession& make, bool whole) {
  Impl& rig = input.small_pool ? *scarce_ : *roomy_;
  SessionOutcome outcome;
  Port port;
  port.access = input.access ? &rig.access : nullptr;
  if (input.small_limits) {
    port.limits.streams_max = 4;
    port.limits.body_bytes_max = 1024;
    port.limits.inflated_bytes_max = 2048;
  }
  FakeIngest& ingest = rig.ingest;
  ingest.outcome = &outcome;
  ingest.overloaded = input.overloaded;
  rig.authenticator.busy = &outcome.busy;
  rig.shard.now_ns = rig.clock.MonotonicNs();
  const size_t allocated = AllocatedBytes();
  {
    const std::unique_ptr<Session> session = make(rig.shard, port);
    std::string_view rest = input.bytes;
    for (size_t step = 0; !session->broken() && !session->finished(); ++step) {
      const uint8_t next = input.steps.empty() ? 0 : static_cast<uint8_t>(input.steps[step % input.steps.size()]);
      // Steps that feed nothing come to an end.
      const bool cut = !whole && !input.steps.empty() && (next < 0xF0 || step < input.steps.size() * 16);
      const uint8_t how = cut ? next : 0;
      if (rest.empty() && step >= input.steps.size()) break;
      if (cut && how == 0xFF) {
        session->Drain();
        rig.Collect(session.get());
      } else if (cut && how >= 0xF0) {
        rig.Pass(std::chrono::seconds((how - 0xF0) * 3), session.get());
        rig.Collect(session.get());  // the connection reads nothing before a goodbye is on its way
      } else {
        const size_t size = cut ? 1 + size_t{how} * how / 8 : rest.size();
        const std::string piece(rest.substr(0, size));  // with its end where AddressSanitizer sees it
        rest.remove_prefix(piece.size());
        if (!piece.empty()) session->OnBytes(piece);
      }
      if (!input.collect_at_end) rig.Collect(session.get());
      rig.EndChecks(session.get(), (how & 1) != 0 && cut);
    }
    rig.Collect(session.get());
    const size_t held = AllocatedBytes() - allocated - outcome.output.capacity();
    Require(AllocatedBytes() < allocated + outcome.output.capacity() + kSessionBytesMax + kPoolBytes,
            "what a connection holds is bounded", std::to_string(held));
    outcome.broken = session->broken();
    outcome.finished = session->finished();
  }
  Require(ingest.buffers().bytes_in_use() == 0, "every buffer goes back");
  return outcome;
}

}  // namespace tailrace::testing
