#include "collector/app/pprof_server.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "collector/admin/pprof_routes.h"
#include "collector/profile/heap_sampler.h"

namespace tailrace {
namespace {

// One question for names may hold tens of thousands of addresses.
constexpr AdminLimits kLimits = {.request_bytes_max = size_t{1} << 20};

absl::Status Named(const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("extensions::pprof: ", status.message()));
}

}  // namespace

PprofServer::PprofServer(const config::PprofConfig& config, const Clock& clock, Logger& logger)
    : config_(config), clock_(clock), logger_(logger), server_(kLimits) {
  if (config_.enabled) HeapSampler::Get();
}

absl::Status PprofServer::Start(AccessKeeper& access) {
  if (!config_.enabled) return absl::OkStatus();
  const absl::StatusOr<ListenerAccess*> let_in = access.Add("pprof", config_, /*http2=*/false);
  if (!let_in.ok()) return Named(let_in.status());
  server_.SetAccess(*let_in);
  AddPprofRoutes(clock_, &server_);
  if (!config_.save_to_file.empty()) {
    absl::StatusOr<std::unique_ptr<ProfileFile>> file = ProfileFile::Start(config_.save_to_file, clock_);
    if (!file.ok()) return Named(file.status());
    file_ = *std::move(file);
  }
  const absl::StatusOr<uint16_t> port = server_.Start(config_.host, config_.port);
  return port.ok() ? absl::OkStatus() : Named(port.status());
}

void PprofServer::Stop() {
  server_.Stop();
  if (file_ == nullptr) return;
  const absl::Status status = std::exchange(file_, nullptr)->Finish();
  if (!status.ok()) logger_.Error("pprof", std::string(status.message()));
}

}  // namespace tailrace
