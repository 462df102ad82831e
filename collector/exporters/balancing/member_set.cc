#include "collector/exporters/balancing/member_set.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "collector/exporters/balancing/stats_sum.h"

namespace tailrace {

MemberSet::MemberSet(const config::LoadBalancingConfig& config, Logger& logger, const Clock& clock,
                     std::function<void()> changed)
    : keys_(config),
      block_(config.member.queue.block_on_overflow),
      memory_bytes_max_(config.member.queue.memory_bytes_max),
      changed_(std::move(changed)),
      log_(config.id.text, logger, clock),
      unplaced_(config.member.queue, config.member.retry, clock, 0) {
  unplaced_.Leave();
}

void MemberSet::Offer(const ExportBatch& batch) { Route(batch, false); }

bool MemberSet::Place(const ExportBatch& batch, bool moving) {
  if (table_ == nullptr) {
    if (!unplaced_.Offer(batch)) log_.QueueFull(batch.spans);
  } else if (batch.routed_by == table_->generation()) {
    members_[batch.owner]->Offer(batch);
  } else if (members_.size() == 1) {
    members_[0]->Offer(batch);
  } else {
    return false;
  }
  if (moving) moving_spans_ = 0;
  return true;
}

void MemberSet::Route(const ExportBatch& batch, bool moving) {
  Table table;  // by which `parts` are; null: by none yet
  for (;;) {
    std::optional<std::vector<OwnedBatch>> parts;
    if (table != nullptr) parts = SplitByOwner(batch, *table, keys_);
    std::lock_guard lock(mutex_);
    if (table_ != table || table == nullptr) {
      if (Place(batch, moving)) return;
      table = table_;
      continue;
    }
    if (!parts.has_value()) unreadable_spans_ += batch.spans;
    for (size_t i = 0; parts.has_value() && i < parts->size(); ++i) {
      members_[(*parts)[i].owner]->Offer((*parts)[i].batch);
    }
    if (moving) moving_spans_ = 0;
    return;
  }
}

bool MemberSet::full() const {
  if (!block_) return false;
  if (unplaced_.full()) return true;
  std::lock_guard lock(mutex_);
  return std::any_of(members_.begin(), members_.end(), [](const Member& member) { return member->full(); });
}

MemberSet::Member MemberSet::Find(const std::string& address, bool own) const {
  std::lock_guard lock(mutex_);
  if (table_ == nullptr) return nullptr;
  const std::vector<std::string>& addresses = table_->addresses();
  const auto at = std::find(addresses.begin(), addresses.end(), address);
  if (at == addresses.end()) return nullptr;
  const auto owner = static_cast<uint32_t>(at - addresses.begin());
  return table_->is_own(owner) == own ? members_[owner] : nullptr;
}

void MemberSet::Use(Table table, std::vector<Member> members) {
  std::vector<Member> leaving;
  {
    std::lock_guard lock(mutex_);
    for (const Member& member : members_) {
      if (std::find(members.begin(), members.end(), member) == members.end()) leaving.push_back(member);
    }
    members_ = std::move(members);
    table_ = std::move(table);
    leavers_.insert(leavers_.end(), leaving.begin(), leaving.end());
    ++updates_;
    if (memory_bytes_max_ != 0) {
      for (const Member& member : members_) member->LimitMemory(memory_bytes_max_ / members_.size());
    }
  }
  for (const Member& member : leaving) member->Leave(changed_);
}

template <typename Take>
bool MemberSet::MoveOne(Take take) {
  std::vector<ExportBatch> batches;
  {
    std::lock_guard lock(mutex_);
    batches = take();
    if (batches.empty()) return false;
    for (const ExportBatch& batch : batches) moving_spans_ += batch.spans;
  }
  Route(Together(std::move(batches)), true);
  return true;
}

void MemberSet::MoveOn() {
  for (const Member& leaver : leavers_) {  // written by this thread alone
    while (MoveOne([&] {
      std::vector<ExportBatch> batches = leaver->Withdraw();
      for (const ExportBatch& batch : batches) rerouted_spans_ += batch.spans;
      return batches;
    })) {
    }
  }
  while (table_ != nullptr && MoveOne([this] { return unplaced_.Withdraw(); })) {
  }
  std::vector<Member> done;
  std::copy_if(leavers_.begin(), leavers_.end(), std::back_inserter(done),
               [](const Member& leaver) { return leaver->left(); });
  for (const Member& leaver : done) {
    leaver->Stop(std::chrono::steady_clock::now());
    std::lock_guard lock(mutex_);
    AddMember(leaver->Stats(), &ended_);
    std::erase(leavers_, leaver);
  }
}

std::vector<QueuedBatch> MemberSet::Stop(std::chrono::steady_clock::time_point deadline) {
  std::vector<Member> all = members_;
  all.insert(all.end(), leavers_.begin(), leavers_.end());
  std::vector<QueuedBatch> dropped = unplaced_.DropQueued(DropReason::kShutdown);
  for (const Member& member : all) member->BeginStop(deadline);
  for (const Member& member : all) member->Stop(deadline);
  return dropped;
}

bool MemberSet::own_settled() const {
  std::lock_guard lock(mutex_);
  if (moving_spans_ != 0) return false;
  for (uint32_t owner = 0; owner < members_.size(); ++owner) {
    if (!table_->is_own(owner)) continue;
    const ExporterStats stats = members_[owner]->Stats();
    if (stats.queued_spans + stats.in_flight_spans != 0) return false;
  }
  return true;
}

MemberSet::Table MemberSet::table() const {
  std::lock_guard lock(mutex_);
  return table_;
}

ExporterStats MemberSet::Stats() const {
  std::lock_guard lock(mutex_);
  ExporterStats sum = ended_;
  for (size_t owner = 0; owner < members_.size(); ++owner) {
    const ExporterStats stats = members_[owner]->Stats();
    AddMember(stats, &sum);
    sum.routing.members.push_back({.address = table_->addresses()[owner],
                                   .requests_ok = stats.requests_ok,
                                   .requests_failed = stats.requests_failed,
                                   .queued_spans = stats.queued_spans,
                                   .state = stats.state});
  }
  for (const Member& leaver : leavers_) AddMember(leaver->Stats(), &sum);
  ExporterStats unplaced;
  unplaced_.Fill(&unplaced);
  if (!members_.empty()) unplaced.queue_capacity = 0;  // nothing waits there any more
  AddMember(unplaced, &sum);
  sum.received_spans += moving_spans_ + unreadable_spans_;
  sum.queued_spans += moving_spans_;
  sum.dropped_spans[static_cast<size_t>(DropReason::kWriteFailed)] += unreadable_spans_;
  sum.state = StateOf(sum.routing.members);
  sum.routing.member_updates = updates_;
  sum.routing.rerouted_spans = rerouted_spans_;
  return sum;
}

}  // namespace tailrace
