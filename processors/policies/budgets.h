// Budgets: the token buckets and composite budgets of one tail_sampling instance, shared by the engines of all shards
// so that a limit holds for the whole process. Each engine builds the same policies in the same order and asks with a
// running number; the first one that asks for a number makes the budget.
//
// Guarded by a mutex; used while engines are built, the budgets themselves afterwards.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "processors/policies/composite.h"
#include "processors/policies/token_bucket.h"

namespace tailrace {

class Budgets {
 public:
  std::shared_ptr<TokenBucket> Bucket(size_t number, int64_t per_second, int64_t burst) {
    return Get<TokenBucket>(number, &buckets_, [=] { return std::make_shared<TokenBucket>(per_second, burst); });
  }
  std::shared_ptr<CompositeBudget> Composite(size_t number, const config::CompositeConfig& config) {
    return Get<CompositeBudget>(number, &composites_, [&] { return std::make_shared<CompositeBudget>(config); });
  }

 private:
  template <class B, class Make>
  std::shared_ptr<B> Get(size_t number, std::vector<std::shared_ptr<B>>* budgets, Make make) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (budgets->size() <= number) budgets->resize(number + 1);
    std::shared_ptr<B>& budget = (*budgets)[number];
    if (budget == nullptr) budget = make();
    return budget;
  }

  std::mutex mutex_;
  std::vector<std::shared_ptr<TokenBucket>> buckets_;
  std::vector<std::shared_ptr<CompositeBudget>> composites_;
};

}  // namespace tailrace
