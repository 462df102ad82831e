#include "collector/exporters/balancing/load_balancing_exporter.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "collector/exporters/balancing/member_address.h"
#include "collector/exporters/balancing/member_set.h"
#include "collector/exporters/balancing/own_member.h"
#include "collector/exporters/balancing/self_finder.h"
#include "collector/exporters/otlp_exporter.h"

namespace tailrace {
namespace {

using Names = std::vector<std::string>;

// How soon a name that may be this process's own, and that nobody knows, is asked for again.
constexpr std::chrono::seconds kAskAgain(5);

class LoadBalancingExporter final : public Exporter {
 public:
  LoadBalancingExporter(const config::LoadBalancingConfig& config, std::unique_ptr<MemberResolver> resolver,
                        MakeMember make_member, Logger& logger, const Clock& clock)
      : config_(config),
        make_member_(std::move(make_member)),
        logger_(logger),
        clock_(clock),
        // The exporter's name is in it, so that no other exporter's is the same.
        next_generation_(HashBytes(config.id.text, 0) << 24 | 1),
        self_(config, MakeSystemLookup()),
        resolver_(std::move(resolver)),
        members_(config, logger, clock, [this] { Wake(); }) {}

  ~LoadBalancingExporter() override {
    if (keeper_.joinable()) Stop(std::chrono::steady_clock::now());
  }

  absl::Status Start() override {
    if (!config_.member.dead_letter.path.empty()) {
      auto letters = OpenDeadLetters(config_.member.dead_letter, clock_);
      if (!letters.ok()) return letters.status();
      dead_letters_ = *std::move(letters);
    }
    if (absl::Status status = CheckMembers(); !status.ok()) return status;
    absl::Status status = resolver_->Start([this](Names names) {
      std::lock_guard lock(wake_mutex_);
      found_ = std::move(names);
      wake_.notify_all();
    });
    if (!status.ok()) return status;
    keeper_ = std::thread([this] { Keep(); });
    return absl::OkStatus();
  }

  void Offer(const ExportBatch& batch) override { members_.Offer(batch); }
  bool full() const override { return members_.full(); }

  bool routes() const override { return config_.routing_key == config::RoutingKey::kTraceId; }
  std::shared_ptr<const TraceRouter> router() const override { return routes() ? members_.table() : nullptr; }
  void GiveOwnTo(TakeOwn take) override { own_door_->Open(std::move(take)); }
  bool own_settled() const override { return members_.own_settled(); }
  uint64_t router_generation() const override { return routes() ? generation_.load(std::memory_order_acquire) : 0; }

  void Stop(std::chrono::steady_clock::time_point deadline) override {
    if (keeper_.joinable()) {
      {
        // Members may yet be found.
        std::unique_lock lock(wake_mutex_);
        wake_.wait_until(lock, deadline, [this] { return members_.settled(); });
      }
      resolver_->Stop();
      {
        std::lock_guard lock(wake_mutex_);
        stopping_ = true;
      }
      wake_.notify_all();
      self_.Cancel();
      keeper_.join();
    }
    for (const QueuedBatch& item : members_.Stop(deadline)) Bury(item.batch);
  }

  ExporterStats Stats() const override {
    ExporterStats stats = members_.Stats();
    stats.exporter = config_.id.text;
    stats.dead_letter_spans += buried_spans_.load(std::memory_order_relaxed);
    stats.routing.resolver = resolver_->name();
    stats.routing.resolutions_ok = resolver_->counts().ok.load(std::memory_order_relaxed);
    stats.routing.resolutions_failed = resolver_->counts().failed.load(std::memory_order_relaxed);
    return stats;
  }

 private:
  // A member's certificates, headers and the like: wrong ones stop the start, whoever the members will be.
  absl::Status CheckMembers() {
    const auto member = make_member_(MemberConfig(config_.member, "localhost:4317"), dead_letters_);
    const absl::Status status = member->Start();
    member->Stop(std::chrono::steady_clock::now());
    return status;
  }

  void Wake() {
    {
      std::lock_guard lock(wake_mutex_);
      woken_ = true;
    }
    wake_.notify_all();
  }

  // --- the keeper's thread ---

  void Keep() {
    for (bool stopping = false; !stopping;) {
      std::optional<Names> found;
      {
        std::unique_lock lock(wake_mutex_);
        const auto due = [this] { return stopping_ || woken_ || found_.has_value(); };
        if (!ask_again()) {
          wake_.wait(lock, due);
        } else if (!wake_.wait_for(lock, kAskAgain, due)) {
          found_ = names_;
        }
        woken_ = false;
        stopping = stopping_;
        found = std::exchange(found_, std::nullopt);
      }
      if (found.has_value()) Use(*std::move(found));
      members_.MoveOn();
      if (members_.settled()) {
        std::lock_guard lock(wake_mutex_);  // not between another's look and his wait
        wake_.notify_all();
      }
    }
  }

  void Use(Names names) {
    const MemberSet::Table old = members_.table();
    if (names.size() > config_.members_max) Shorten(&names);
    if (old == nullptr ? names.empty() : names == old->names() && !ask_again()) return;
    names_ = names;
    if (names.empty()) {
      logger_.Warn(config_.id.text, "There are no members: what comes waits for one");
      members_.Use(nullptr, {});
      generation_.store(0, std::memory_order_release);
      return;
    }
    if (config_.is_connector) {
      self_.Look(names);
      if (old != nullptr && names == old->names() && !self_.found()) return;
      SayWhoThisIs();
    }
    const auto table = std::make_shared<const RoutingTable>(
        std::move(names), next_generation_++,
        [this](const std::string& address) { return config_.is_connector && self_.IsSelf(address); });
    std::vector<MemberSet::Member> members;
    uint32_t added = 0;
    for (uint32_t owner = 0; owner < table->owners(); ++owner) {
      const std::string& address = table->addresses()[owner];
      MemberSet::Member member = members_.Find(address, table->is_own(owner));
      if (member == nullptr) {
        ++added;
        const config::OtlpExporterConfig config = MemberConfig(config_.member, address);
        member = table->is_own(owner) ? MakeOwnMember(config, own_door_, dead_letters_, logger_, clock_)
                                      : make_member_(config, dead_letters_);
        if (absl::Status status = member->Start(); !status.ok()) {
          logger_.Error(config_.id.text, "A member cannot be sent to; the members stay as they were",
                        {{"member", address}, {"error", std::string(status.message())}});
          return;
        }
      }
      members.push_back(std::move(member));
    }
    members_.Use(table, std::move(members));
    generation_.store(table->generation(), std::memory_order_release);
    const size_t left = (old == nullptr ? 0 : old->owners()) + added - table->owners();
    logger_.Info(
        config_.id.text, "Members changed",
        {{"members", absl::StrCat(table->owners())}, {"new", absl::StrCat(added)}, {"left", absl::StrCat(left)}});
    if (config_.is_connector) return;
    self_.Look(names_);  // only to say it: nobody waits for it
    SayWhoThisIs();
  }

  // A name that may be this process's own is not known yet.
  bool ask_again() const { return config_.is_connector && self_.incomplete() && !self_.found(); }

  void SayWhoThisIs() {
    const int found = self_.found() ? 1 : 0;
    if (std::exchange(told_found_, found) == found) return;
    if (config_.is_connector && found == 0) {
      logger_.Warn(config_.id.text,
                   "None of the members is this process: it keeps only what others send it. If it is one of them, name "
                   "it with `self`",
                   {{"self", config_.self.empty() ? "by its addresses" : config_.self}});
    } else if (config_.is_connector) {
      logger_.Info(config_.id.text, "This process is one of the members: it keeps what is its own");
    } else if (found == 1) {
      logger_.Error(config_.id.text,
                    "A member is this process itself, and no pipeline takes what is its own: its spans go round until "
                    "hops_max refuses them. Declare it under connectors and let a pipeline with tail_sampling receive "
                    "from it, or take this process off the list");
    }
  }

  void Shorten(Names* names) {
    const size_t found = names->size();
    names->resize(config_.members_max);
    if (std::exchange(too_many_, found) == found) return;
    logger_.Warn(config_.id.text, "More members than members_max: the first ones are used",
                 {{"found", absl::StrCat(found)}, {"members_max", absl::StrCat(config_.members_max)}});
  }

  void Bury(const ExportBatch& batch) {
    if (dead_letters_ == nullptr) return;
    const bool written = dead_letters_->Write({.exporter = config_.id.text,
                                               .reason = DropReason::kShutdown,
                                               .error = "no member was found before the stop deadline",
                                               .payload = *batch.payload,
                                               .spans = batch.spans});
    if (written) buried_spans_.fetch_add(batch.spans, std::memory_order_relaxed);
  }

  // Immutable.
  const config::LoadBalancingConfig config_;
  const MakeMember make_member_;
  Logger& logger_;
  const Clock& clock_;

  // Guarded: each by its own mutex.
  std::shared_ptr<DeadLetters> dead_letters_;
  const std::shared_ptr<OwnDoor> own_door_ = std::make_shared<OwnDoor>();

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  std::optional<Names> found_;  // guarded by wake_mutex_: found and not yet used
  bool woken_ = false;          // guarded by wake_mutex_
  bool stopping_ = false;       // guarded by wake_mutex_

  // Single-writer: the keeper's.
  uint64_t next_generation_;
  size_t too_many_ = 0;  // names in the last list that was too long
  int told_found_ = -1;  // what the log says of this process's being a member; -1: nothing yet
  Names names_;          // the last list that was looked at
  SelfFinder self_;      // but for its Cancel()

  // Written by the keeper (release) after the table is in use; a pipeline that reads it (acquire) gets that table or a
  // later one.
  std::atomic<uint64_t> generation_{0};
  std::atomic<uint64_t> buried_spans_{0};

  const std::unique_ptr<MemberResolver> resolver_;
  MemberSet members_;  // after what its members call
  std::thread keeper_;
};

}  // namespace

std::unique_ptr<Exporter> MakeLoadBalancingExporter(const config::LoadBalancingConfig& config,
                                                    std::unique_ptr<MemberResolver> resolver, MakeMember make_member,
                                                    Logger& logger, const Clock& clock) {
  return std::make_unique<LoadBalancingExporter>(config, std::move(resolver), std::move(make_member), logger, clock);
}

std::unique_ptr<Exporter> MakeLoadBalancingExporter(const config::LoadBalancingConfig& config, Logger& logger,
                                                    const Clock& clock) {
  return MakeLoadBalancingExporter(
      config, MakeResolver(config.resolver, config.id.text, logger, clock),
      [&logger, &clock](const config::OtlpExporterConfig& member, std::shared_ptr<DeadLetters> dead_letters) {
        return MakeOtlpMember(member, std::move(dead_letters), logger, clock);
      },
      logger, clock);
}

}  // namespace tailrace
