#include "collector/app/app.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <utility>

#include "collector/admin/baselines_route.h"
#include "collector/admin/health.h"
#include "collector/admin/trace_finder.h"
#include "collector/admin/trace_routes.h"
#include "collector/app/admin_servers.h"
#include "collector/app/connectors.h"
#include "collector/app/front_door.h"
#include "collector/app/pprof_server.h"
#include "collector/app/recent_kept.h"
#include "collector/app/routes.h"
#include "collector/exporters/factory.h"
#include "collector/shard/memory_plan.h"
#include "collector/shard/shard.h"
#include "collector/telemetry/process_stats.h"
#include "config/backend_of.h"
#include "config/memory_total.h"

namespace tailrace {
namespace {

std::string ExporterName(const config::ExporterConfig& config) {
  return std::visit([](const auto& exporter) { return exporter.id.text; }, config);
}

std::string DrawUuid() {
  std::random_device random;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string uuid = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  for (char& c : uuid) {
    if (c == 'x') c = kDigits[random() % 16];
  }
  return uuid;
}

}  // namespace

class App::Impl {
 public:
  Impl(config::Config config, Logger& logger, const Clock& clock)
      : config_(std::move(config)),
        logger_(logger),
        clock_(clock),
        process_(clock),
        health_(clock),
        signals_(io_, SIGTERM, SIGINT, SIGHUP),
        admin_({.config = config_,
                .snapshot = [this] { return Snapshot(); },
                .health = health_,
                .process = process_,
                .clock = clock_,
                .logger = logger_,
                .instance_id = instance_id_}) {}

  ~Impl() {
    for (Exporter* exporter : own_) exporter->GiveOwnTo(nullptr);
    if (connectors_ != nullptr) connectors_->Stop();
    admin_.Stop();
    pprof_.Stop();
    door_.reset();
    access_.reset();  // its thread tells connections what came of their credentials
    for (const auto& shard : shards_) shard->Stop();
    StopExporters(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(clock_.MonotonicNs())));
  }

  absl::Status Start() {
    for (const std::string& warning : config_.warnings) logger_.Warn("service", warning);
    plan_ = PlanMemory(config_, config::MemoryTotalBytes(), AvailableProcessors());
    for (const std::string& warning : plan_.warnings) logger_.Warn("service", warning);
    if (absl::Status status = StartExporters(); !status.ok()) return status;
    StartShards();
    access_ = std::make_unique<AccessKeeper>(logger_);
    door_ = std::make_unique<FrontDoor>(io_, config_, shards_, *access_, clock_, logger_);
    admin_.AddPageRoutes({BaselinesRoute([this](const BaselineRange& range) { return Baselines(range); }, clock_)});
    admin_.AddPageRoutes(TraceRoutes(*finder_));
    if (absl::Status status = admin_.Start(*access_); !status.ok()) return status;
    if (absl::Status status = pprof_.Start(*access_); !status.ok()) return status;
    if (absl::Status status = connectors_->Start(*access_); !status.ok()) return status;
    if (absl::Status status = door_->Open(); !status.ok()) return status;
    access_->Start();
    health_.Set(Health::kReady);
    logger_.Info(
        "service", "Everything is ready. Begin running and processing data.",
        {{"shards", std::to_string(plan_.shards)}, {"memory_budget_bytes", std::to_string(plan_.budget_bytes)}});
    return absl::OkStatus();
  }

  void WaitForSignal() {
    ListenForSignals();
    io_.restart();
    io_.run();
  }

  std::vector<LedgerLine> Stop() {
    logger_.Info("service", "Starting shutdown...");
    health_.Set(Health::kStopping);
    const int64_t now_ns = clock_.MonotonicNs();
    const int64_t timeout_ns = config_.engine.shutdown_timeout.count();
    // A quarter of the time for clients to read their answers; nothing of it is needed where they hang up.
    door_->Close(now_ns + std::min<int64_t>(timeout_ns / 4, 2'000'000'000));
    while (!DrainRings(shards_) && clock_.MonotonicNs() < now_ns + timeout_ns) {
    }
    if (!own_.empty()) TakeLastOwn(shards_, own_, clock_, now_ns + timeout_ns / 2);
    for (const auto& shard : shards_) shard->Run([&] { shard->Finish(); });
    StopExporters(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(now_ns + timeout_ns)));
    const std::vector<LedgerLine> ledger = ComputeLedger(Snapshot());
    connectors_->Stop();
    admin_.Stop();
    pprof_.Stop();
    for (const auto& shard : shards_) shard->Stop();
    logger_.Info("service", "Shutdown complete.");
    return ledger;
  }

 private:
  absl::Status StartExporters() {
    for (config::ExporterConfig config : config_.exporters) {
      if (config::BackendConfig* backend = config::BackendOf(config)) {
        backend->queue.memory_bytes_max = plan_.queue_bytes;
      }
      auto exporter = MakeExporter(config, config_.storages, logger_);
      if (!exporter.ok()) return exporter.status();
      if (absl::Status status = (*exporter)->Start(); !status.ok()) {
        return absl::Status(status.code(), "exporters::" + ExporterName(config) + ": " + std::string(status.message()));
      }
      exporters_.push_back(std::move(*exporter));
    }
    return absl::OkStatus();
  }

  void StopExporters(std::chrono::steady_clock::time_point deadline) {
    if (std::exchange(exporters_stopped_, true)) return;
    for (const auto& exporter : exporters_) exporter->Stop(deadline);
  }

  void StartShards() {
    Shard::Options options;
    options.shard_count = plan_.shards;
    options.receiver_count = static_cast<uint32_t>(config_.receivers.size());
    const Routes routes = RoutesOf(config_);
    options.routes = routes.by_source;
    options.routing = routes.routing;
    options.buffer_bytes = plan_.buffer_bytes;
    options.block_bytes = plan_.block_bytes;
    options.ring_slot_bytes = plan_.ring_slot_bytes;
    options.request_runs_max = plan_.request_runs_max;
    std::random_device random;
    options.hasher.key = uint64_t{random()} << 32 | random();
    const auto on_shard = [this](uint32_t shard, const std::function<void()>& work) { shards_[shard]->Run(work); };
    const auto recent_kept = [this] { return RecentKept(config_, shards_, clock_); };
    connectors_ = std::make_unique<Connectors>(config_, plan_, instance_id_, options.hasher.key, on_shard, recent_kept,
                                               clock_, logger_);
    for (uint32_t i = 0; i < config_.pipelines.size(); ++i) {
      options.pipelines.push_back(PipelineOptions(i, options.hasher.key));
    }
    std::vector<Shard*> all;
    options.arrivals.briefs_max = plan_.briefs_max;
    options.arrivals.baselines = plan_.baselines;
    options.arrivals.baselines.hash_key = options.hasher.key;
    for (options.index = 0; options.index < plan_.shards; ++options.index) {
      options.arrivals.connectors = connectors_->CountersOf(options.index);
      all.push_back(shards_.emplace_back(std::make_unique<Shard>(options, clock_)).get());
    }
    for (Shard* shard : all) shard->Connect(all);
    for (Shard* shard : all) shard->Start();
    finder_ = std::make_unique<TraceFinder>(config_, std::move(all), clock_);
    for (uint32_t i = 0; i < routes.connectors.size(); ++i) {
      own_.push_back(exporters_[routes.connectors[i]].get());
      own_.back()->GiveOwnTo(TakeOwnBy(shards_, options.receiver_count + i));
    }
  }

  ShardPipeline::Options PipelineOptions(uint32_t index, uint64_t key) const {
    const config::PipelineConfig& pipeline = config_.pipelines[index];
    ShardPipeline::Options options;
    options.pipeline = &pipeline;
    for (uint32_t exporter : pipeline.exporters) {
      options.exporters.push_back(exporters_[exporter].get());
      options.hops_max = std::max(options.hops_max, HopsMaxOf(config_.exporters[exporter]));
    }
    const uint64_t spans = pipeline.batch.send_batch_max_size != 0
                               ? std::min(pipeline.batch.send_batch_size, pipeline.batch.send_batch_max_size)
                               : pipeline.batch.send_batch_size;
    options.sampler.batch = {pipeline.batch.bytes_max, std::max<uint64_t>(spans, 1)};
    if (pipeline.tail_sampling < 0) return options;
    const SamplerPlan& plan = plan_.samplers[static_cast<size_t>(pipeline.tail_sampling)];
    options.sampling = &config_.tail_samplings[static_cast<size_t>(pipeline.tail_sampling)];
    options.sampler.traces_max = plan.traces_max;
    options.sampler.sampled_cache_size = plan.sampled_cache_size;
    options.sampler.non_sampled_cache_size = plan.non_sampled_cache_size;
    options.sampler.header_bytes_max = plan.header_bytes_max;
    options.sampler.journal_bytes = plan.journal_bytes;
    options.sampler.estimates = plan.estimates;
    options.sampler.estimates.hash_key = key;
    options.sampler.trace_spans_max = config_.engine.trace_spans_max;
    options.sampler.trace_blocks_max =
        std::max<uint32_t>(1, static_cast<uint32_t>(plan_.trace_bytes_max / BlockPool::kBlockBytes));
    options.sampler.storage = config_.engine.storage_compression;
    options.sampler.service_key = key;
    options.sampler.prefault = true;
    options.sampler.unix_offset_ns = clock_.WallNs() - clock_.MonotonicNs();
    options.sampler.budgets = std::make_shared<Budgets>();  // one for all shards of the pipeline
    return options;
  }

  void ListenForSignals() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        logger_.Warn("service", "SIGHUP: this version reads its configuration at start only; restart to change it");
        ListenForSignals();
        return;
      }
      logger_.Info("service", "Received signal from OS", {{"signal", signal == SIGINT ? "interrupt" : "terminated"}});
      // A second signal ends the process at once.
      signals_.clear();
      io_.stop();
    });
  }

  // Any thread but the shards'.
  BaselineReport Baselines(const BaselineRange& range) {
    std::vector<ShardBaselines> copies;
    for (const auto& shard : shards_) {
      copies.push_back(
          CopyOf(shard->arrivals().baselines(), range, [&](const std::function<void()>& work) { shard->Run(work); }));
    }
    BaselineReport report = AddUp(copies);
    const int64_t from_ns = range.from * BaselineTable::kWindowNs;
    const int64_t to_ns = (range.to + 1) * BaselineTable::kWindowNs - 1;
    for (const auto& shard : shards_) shard->Run([&] { shard->AddEstimates(from_ns, to_ns, &report.estimates); });
    return report;
  }

  // Any thread but the shards'. Exporters first, shards after: what passes meanwhile shows as being handed over.
  DaemonSnapshot Snapshot() {
    DaemonSnapshot snapshot;
    for (const auto& exporter : exporters_) {
      snapshot.exporters.push_back(exporter->Stats());
      snapshot.AddStress(StressBound::kExporterQueue, snapshot.exporters.back().queue_full);
    }
    for (const config::OtlpReceiverConfig& receiver : config_.receivers) {
      snapshot.receivers.push_back({.name = receiver.id.text, .transports = {}});
    }
    for (const config::PipelineConfig& pipeline : config_.pipelines) {
      PipelineStats& stats = snapshot.pipelines.emplace_back();
      stats.pipeline = pipeline.id;
      if (pipeline.tail_sampling >= 0) {
        stats.processor = config_.tail_samplings[static_cast<size_t>(pipeline.tail_sampling)].id.text;
      }
      for (uint32_t exporter : pipeline.exporters) {
        stats.exporters.push_back(ExporterName(config_.exporters[exporter]));
        stats.divides |= std::count(own_.begin(), own_.end(), exporters_[exporter].get()) > 0;
      }
    }
    for (const auto& shard : shards_) shard->Run([&] { shard->AddTo(&snapshot); });
    connectors_->AddTo(&snapshot);
    snapshot.connections.closed_by_limit += door_->turned_away();
    snapshot.connections.accept_pauses = door_->accept_pauses();
    snapshot.listeners = access_->Stats();
    snapshot.memory_budget_bytes = plan_.budget_bytes;
    snapshot.shards = plan_.shards;
    return snapshot;
  }

  const config::Config config_;
  Logger& logger_;
  const Clock& clock_;
  ProcessStatsReader process_;
  HealthState health_;
  MemoryPlan plan_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_;
  std::vector<std::unique_ptr<Exporter>> exporters_;
  bool exporters_stopped_ = false;
  std::vector<Exporter*> own_;                  // of exporters_: connectors that route
  const std::string instance_id_ = DrawUuid();  // of this process, among the metrics of many
  std::unique_ptr<Connectors> connectors_;      // outlives the shards, which count in it
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<TraceFinder> finder_;
  std::unique_ptr<AccessKeeper> access_;
  std::unique_ptr<FrontDoor> door_;
  AdminServers admin_;
  PprofServer pprof_{config_.pprof, clock_, logger_};
};

App::App(config::Config config, Logger& logger, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(config), logger, clock)) {}
App::~App() = default;
absl::Status App::Start() { return impl_->Start(); }
void App::WaitForSignal() { impl_->WaitForSignal(); }
std::vector<LedgerLine> App::Stop() { return impl_->Stop(); }

}  // namespace tailrace
