// ProfileFile: the CPU profile of the whole run, for pprof::save_to_file. While it runs nobody else can profile the
// CPU.
//
// Thread: the one that starts and stops the daemon. One of its own looks for new threads.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "collector/profile/cpu_sampler.h"

namespace tailrace {

class ProfileFile {
 public:
  // An error says what could not be had: the file, or the timers. `clock` outlives this.
  static absl::StatusOr<std::unique_ptr<ProfileFile>> Start(const std::string& path, const Clock& clock);
  ~ProfileFile();  // without Finish() the file stays empty
  ProfileFile(const ProfileFile&) = delete;
  ProfileFile& operator=(const ProfileFile&) = delete;

  // Ends the sampling and writes the file. Once.
  [[nodiscard]] absl::Status Finish();

 private:
  ProfileFile(std::unique_ptr<CpuSampler> sampler, std::ofstream file, const Clock& clock);
  void Run();
  void Join();

  const std::unique_ptr<CpuSampler> sampler_;
  std::ofstream file_;
  const Clock& clock_;
  const int64_t began_wall_ns_;
  const int64_t began_ns_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tailrace
