#include "collector/access/tls_server.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/access/look_intervals.h"

namespace tailrace {
namespace {

std::vector<std::string> WatchedPaths(const config::TlsServerConfig& config) {
  std::vector<std::string> paths;
  if (config.reload_interval.count() > 0) paths = {config.cert_file, config.key_file};
  if (config.client_ca_file_reload) paths.push_back(config.client_ca_file);
  return paths;
}

}  // namespace

TlsServer::TlsServer(std::string name, config::TlsServerConfig config, bool http2, Logger& logger,
                     AccessCounters& counters)
    : name_(std::move(name)),
      config_(std::move(config)),
      http2_(http2),
      logger_(logger),
      counters_(counters),
      watched_(WatchedPaths(config_)) {
  const auto watch = [this](const std::string& path, Part part, config::Duration interval) {
    if (path.empty() || interval.count() == 0) return;
    watched_parts_.push_back(part);
    look_every_ = look_every_.count() == 0 ? interval : std::min(look_every_, interval);
  };
  watch(config_.cert_file, &TlsMaterial::cert_pem, config_.reload_interval);
  watch(config_.key_file, &TlsMaterial::key_pem, config_.reload_interval);
  watch(config_.client_ca_file, &TlsMaterial::client_ca_pem,
        config_.client_ca_file_reload ? kLookEvery : config::Duration(0));
}

absl::StatusOr<std::unique_ptr<TlsServer>> TlsServer::Make(const std::string& name,
                                                           const config::TlsServerConfig& config, bool http2,
                                                           Logger& logger, AccessCounters& counters) {
  std::unique_ptr<TlsServer> made(new TlsServer(name, config, http2, logger, counters));
  if (const absl::Status status = made->ReadAll(); !status.ok()) return status;
  return made;
}

absl::Status TlsServer::ReadAll() {
  // Before the files are read for use: what changes between the two is seen at the first look.
  (void)watched_.Read().status();
  TlsMaterial material{.cert_pem = config_.cert_pem, .key_pem = config_.key_pem};
  const std::pair<const std::string&, Part> files[] = {{config_.cert_file, &TlsMaterial::cert_pem},
                                                       {config_.key_file, &TlsMaterial::key_pem},
                                                       {config_.client_ca_file, &TlsMaterial::client_ca_pem}};
  for (const auto& [path, part] : files) {
    if (path.empty()) continue;
    absl::StatusOr<std::string> text = ReadAccessFile(path);
    if (!text.ok()) return text.status();
    material.*part = *std::move(text);
  }
  return Use(material);
}

absl::Status TlsServer::Use(const TlsMaterial& material) {
  absl::StatusOr<TlsContext> made = MakeTlsContext(config_, material, http2_);
  if (!made.ok()) return absl::Status(made.status().code(), absl::StrCat("tls: ", made.status().message()));
  material_ = material;
  counters_.not_after_s.store(made->not_after_s, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  context_ = std::move(made->context);
  return absl::OkStatus();
}

std::shared_ptr<ssl_ctx_st> TlsServer::context() {
  const std::lock_guard lock(mutex_);
  return context_;
}

config::Duration TlsServer::Look() {
  if (look_every_.count() == 0) return look_every_;
  std::vector<std::string> texts;
  switch (watched_.Look(&texts)) {
    case WatchedText::Change::kNone:
      return look_every_;
    case WatchedText::Change::kUnsettled:
      return std::min(kLookAgain, look_every_);
    case WatchedText::Change::kUnreadable:
      Failed("a file cannot be read");
      return look_every_;
    case WatchedText::Change::kChanged:
      break;
  }
  TlsMaterial material = material_;
  for (size_t i = 0; i < texts.size(); ++i) material.*watched_parts_[i] = std::move(texts[i]);
  if (const absl::Status status = Use(material); !status.ok()) {
    Failed(status.message());
  } else {
    AccessCounters::Count(counters_.reloads_ok);
    logger_.Info(name_, "TLS certificates reloaded");
  }
  return look_every_;
}

void TlsServer::Failed(absl::string_view why) {
  AccessCounters::Count(counters_.reloads_failed);
  logger_.Error(name_, "TLS certificates cannot be reloaded; the last good ones stay in use",
                {{"error", std::string(why)}});
}

}  // namespace tailrace
