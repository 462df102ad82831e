#include "collector/profile/profiles.h"

#include "absl/strings/str_cat.h"
#include "collector/profile/profile_writer.h"

namespace tailrace {

std::string CpuProfile(const CpuSampler& sampler, int64_t time_ns, int64_t duration_ns) {
  ProfileWriter writer({{"samples", "count"}, {"cpu", "nanoseconds"}}, {"cpu", "nanoseconds"}, CpuSampler::kPeriodNs);
  sampler.stacks().ForEach([&](const StackTable::Slot& slot) {
    const int64_t samples = slot.counts[0].load(std::memory_order_relaxed);
    const int64_t values[] = {samples, samples * CpuSampler::kPeriodNs};
    const auto& names = sampler.thread_names();
    writer.AddSample(slot.stack(), values, slot.label < names.size() ? names[slot.label] : "");
  });
  if (const uint64_t lost = sampler.stacks().lost(); lost != 0) {
    writer.AddComment(absl::StrCat(lost, " samples are missing: more different stacks than there is room for"));
  }
  return writer.Finish(time_ns, duration_ns);
}

std::string HeapProfile(const HeapSampler& sampler, HeapView view, int64_t time_ns) {
  using S = HeapSampler;
  ProfileWriter writer(
      {{"alloc_objects", "count"}, {"alloc_space", "bytes"}, {"inuse_objects", "count"}, {"inuse_space", "bytes"}},
      {"space", "bytes"}, S::kPeriodBytes);
  writer.SetDefaultType(view == HeapView::kInUse ? "inuse_space" : "alloc_space");
  sampler.stacks().ForEach([&](const StackTable::Slot& slot) {
    const auto count = [&slot](S::Count which) { return slot.counts[which].load(std::memory_order_relaxed); };
    // What is freed is read first: it was allocated before, so that nothing is less than none.
    const int64_t freed_objects = count(S::kFreedObjects);
    const int64_t freed_bytes = count(S::kFreedBytes);
    const int64_t objects = count(S::kAllocatedObjects);
    const int64_t bytes = count(S::kAllocatedBytes);
    const int64_t values[] = {objects, bytes, objects - freed_objects, bytes - freed_bytes};
    writer.AddSample(slot.stack(), values, "");
  });
  writer.AddComment("memory from operator new; what is reserved for spans is in /metrics");
  if (sampler.lost() != 0) {
    writer.AddComment(absl::StrCat(sampler.lost(), " sampled allocations are missing for want of room"));
  }
  return writer.Finish(time_ns, 0);
}

}  // namespace tailrace
