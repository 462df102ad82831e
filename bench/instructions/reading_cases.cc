// A request of a hundred spans is read.
#include <cstdlib>
#include <string>

#include "bench/instructions/cases.h"
#include "bench/made_requests.h"
#include "proto/json_reader.h"
#include "proto/json_writer.h"
#include "proto/request_scanner.h"

namespace tailrace {
namespace {

class Scan final : public Case {
 public:
  explicit Scan(const RequestShape& shape, ScanLimits limits = {}) : request_(MakeRequest(shape)), limits_(limits) {}

  uint64_t Turn() override {
    if (ScanRequest(request_.message(), &scanned_, limits_) != ScanError::kNone) std::abort();
    return scanned_.span_count;
  }

 private:
  const RequestTemplate request_;
  const ScanLimits limits_;
  ScannedRequest scanned_;
};

class ReadJson final : public Case {
 public:
  ReadJson() {
    const RequestTemplate request = MakeRequest({});
    spans_ = request.spans();
    if (!WriteOtlpJson(request.message(), &json_)) std::abort();
  }

  uint64_t Turn() override {
    if (!reader_.Parse(json_, &protobuf_).ok()) std::abort();
    return spans_;
  }

 private:
  std::string json_;
  uint64_t spans_ = 0;
  JsonReader reader_;
  std::string protobuf_;
};

}  // namespace

std::unique_ptr<Case> MakeScan() { return std::make_unique<Scan>(RequestShape{}); }
std::unique_ptr<Case> MakeScanOfPieces() { return std::make_unique<Scan>(kMadePieces); }
std::unique_ptr<Case> MakeScanWithBriefs() {
  return std::make_unique<Scan>(RequestShape{}, ScanLimits{.briefs_max = 16384});
}
std::unique_ptr<Case> MakeReadJson() { return std::make_unique<ReadJson>(); }

}  // namespace tailrace
