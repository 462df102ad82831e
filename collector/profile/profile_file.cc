#include "collector/profile/profile_file.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/thread_name.h"
#include "collector/profile/profiles.h"

namespace tailrace {

absl::StatusOr<std::unique_ptr<ProfileFile>> ProfileFile::Start(const std::string& path, const Clock& clock) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return absl::UnavailableError(absl::StrCat("save_to_file: cannot write to ", path));
  absl::StatusOr<std::unique_ptr<CpuSampler>> sampler = CpuSampler::Start();
  if (!sampler.ok()) return sampler.status();
  return std::unique_ptr<ProfileFile>(new ProfileFile(*std::move(sampler), std::move(file), clock));
}

ProfileFile::ProfileFile(std::unique_ptr<CpuSampler> sampler, std::ofstream file, const Clock& clock)
    : sampler_(std::move(sampler)),
      file_(std::move(file)),
      clock_(clock),
      began_wall_ns_(clock.WallNs()),
      began_ns_(clock.MonotonicNs()),
      thread_([this] { Run(); }) {}

ProfileFile::~ProfileFile() { Join(); }

void ProfileFile::Run() {
  NameThisThread("profile-file");
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) sampler_->WatchNewThreads();
}

void ProfileFile::Join() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

absl::Status ProfileFile::Finish() {
  Join();
  sampler_->Stop();
  file_ << CpuProfile(*sampler_, began_wall_ns_, clock_.MonotonicNs() - began_ns_) << std::flush;
  return file_ ? absl::OkStatus() : absl::UnavailableError("save_to_file: the profile could not be written");
}

}  // namespace tailrace
