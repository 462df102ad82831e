#include "config/join_extensions.h"

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "config/backend_of.h"

namespace tailrace::config {
namespace {

class Joiner {
 public:
  Joiner(const Catalog& catalog, Report* report, Config* config)
      : catalog_(catalog), report_(report), config_(config) {}

  void Join(const std::string& path, AccessConfig* access) {
    const LocatedText& reference = access->authenticator;
    if (reference.text.empty()) return;
    const std::string key = path + "::auth::authenticator";
    const Defined* found = Find(reference, key, "authenticator");
    if (found == nullptr) return;
    if (const auto* basic = std::get_if<BasicAuthConfig>(&found->config); basic != nullptr && basic->for_servers()) {
      access->auth = *basic;
    } else if (const auto* bearer = std::get_if<BearerTokenConfig>(&found->config)) {
      access->auth = *bearer;
    } else {
      return Fail(reference, key, absl::StrCat("\"", reference.text, "\" is not an authenticator for servers"));
    }
    access->authenticator.text = found->id.text;  // one spelling for one extension
  }

  void Join(BackendConfig* backend) {
    const std::string path = absl::StrCat("exporters::", backend->id.text);
    JoinStorage(path + "::sending_queue::storage", &backend->queue);
    JoinAuthenticator(path + "::auth::authenticator", backend);
  }

 private:
  void Fail(const LocatedText& reference, const std::string& path, std::string message) const {
    const Where where{std::make_shared<const std::string>(reference.at.file), reference.at.line};
    report_->AddProblem(where, path, std::move(message));
  }

  // Null where there is none that can be used; the problem is reported.
  const Defined* Find(const LocatedText& reference, const std::string& path, const char* what) const {
    const auto entry = catalog_.extensions.find(CanonicalId(Section::kExtensions, reference.text));
    const bool configured = entry != catalog_.extensions.end();
    if (!configured || !entry->second.is_listed) {
      Fail(reference, path,
           absl::StrCat(what, " \"", reference.text.substr(0, 80), "\" not found: it must be ",
                        configured ? "listed in service::extensions" : "configured under extensions"));
      return nullptr;
    }
    return entry->second.collector_only ? nullptr : &entry->second;  // that it is not there is reported already
  }

  void JoinStorage(const std::string& path, QueueConfig* queue) {
    if (queue->storage.text.empty()) return;
    const Defined* found = Find(queue->storage, path, "storage client");
    if (found == nullptr) return;
    const auto* storage = std::get_if<FileStorageConfig>(&found->config);
    if (storage == nullptr) {
      return Fail(queue->storage, path, absl::StrCat("\"", queue->storage.text, "\" is not a storage extension"));
    }
    const auto [entry, is_new] = storages_.emplace(found, static_cast<int32_t>(config_->storages.size()));
    if (is_new) config_->storages.push_back(*storage);
    queue->storage_index = entry->second;
  }

  void JoinAuthenticator(const std::string& path, BackendConfig* backend) {
    const LocatedText& reference = backend->authenticator;
    if (reference.text.empty()) return;
    const Defined* found = Find(reference, path, "authenticator");
    if (found == nullptr) return;
    if (const auto* basic = std::get_if<BasicAuthConfig>(&found->config); basic != nullptr && basic->for_clients()) {
      backend->auth = *basic;
    } else if (const auto* bearer = std::get_if<BearerTokenConfig>(&found->config)) {
      backend->auth = *bearer;
    } else if (const auto* oauth2 = std::get_if<OAuth2Config>(&found->config)) {
      backend->auth = *oauth2;
    } else {
      return Fail(reference, path, absl::StrCat("\"", reference.text, "\" is not an authenticator for clients"));
    }
    backend->authenticator.text = found->id.text;  // one spelling for one extension
  }

  const Catalog& catalog_;
  Report* const report_;
  Config* const config_;
  absl::flat_hash_map<const Defined*, int32_t> storages_;  // to the index in the config
};

}  // namespace

void JoinExtensions(const Catalog& catalog, Report* report, Config* config) {
  Joiner joiner(catalog, report, config);
  for (OtlpReceiverConfig& receiver : config->receivers) {
    const std::string path = absl::StrCat("receivers::", receiver.id.text, "::protocols::");
    joiner.Join(path + "grpc", &receiver.grpc);
    joiner.Join(path + "http", &receiver.http);
  }
  joiner.Join("extensions::health_check", &config->health_check);
  joiner.Join("extensions::pprof", &config->pprof);
  joiner.Join("service::tailrace::metrics", &config->engine.metrics);
  joiner.Join("service::tailrace::page", &config->engine.page);
  for (PrometheusExporterConfig& exporter : config->prometheus_exporters) {
    joiner.Join(absl::StrCat("exporters::", exporter.id.text), &exporter);
  }
  for (ExporterConfig& exporter : config->exporters) {
    if (BackendConfig* backend = BackendOf(exporter)) joiner.Join(backend);
  }
}

}  // namespace tailrace::config
