#include "collector/shard/span_codec.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "collector/shard/whole_spans.h"

namespace tailrace {
namespace {

constexpr uint32_t kFirstDictionary = 8 << 10;  // bytes that are enough for it
constexpr uint32_t kOfOnePiece = 4 << 10;       // bytes, so that many pieces find room
constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kEveryNs = 10 * kSecondNs;
// At least an eighth has to be won.
constexpr uint32_t kWorthwhile = 8;

}  // namespace

std::unique_ptr<SpanCodec> SpanCodec::Make(config::StorageCompression compression, int64_t decision_wait_ns) {
  switch (compression) {
    case config::StorageCompression::kNone:
      return nullptr;
    case config::StorageCompression::kLz4:
      return std::make_unique<SpanCodec>(MakeLz4Packer(kDictionaries), decision_wait_ns);
    case config::StorageCompression::kZstd:
      return std::make_unique<SpanCodec>(MakeZstdPacker(kDictionaries), decision_wait_ns);
  }
  return nullptr;
}

uint64_t SpanCodec::BytesMax(config::StorageCompression compression) {
  constexpr uint64_t kMiB = 1 << 20;
  switch (compression) {
    case config::StorageCompression::kNone:
      return 0;
    case config::StorageCompression::kLz4:
      return kMiB;
    case config::StorageCompression::kZstd:
      return 4 * kMiB;
  }
  return 0;
}

SpanCodec::SpanCodec(std::unique_ptr<PiecePacker> packer, int64_t decision_wait_ns)
    : packer_(std::move(packer)),
      // All those of a wait, the present one, and one that is being waited for find a place.
      every_ns_(std::max(kEveryNs, decision_wait_ns / (kDictionaries - 2))),
      packed_(new char[kPieceMax]),
      rooms_(new char[2 * kPieceMax]) {
  replaced_ns_.fill(kFree);
  sample_.reserve(kDictionaryBytes);
}

PackedPiece SpanCodec::Pack(std::string_view piece, int64_t now_ns) {
  if (--until_next_ == 0) Sample(piece, now_ns);
  const auto size = static_cast<uint32_t>(piece.size());
  const uint32_t packed = packer_->Pack(present_, piece, packed_.get(), size - size / kWorthwhile);
  bytes_in_ += size;
  bytes_stored_ += packed == 0 ? size : packed;
  return {present_, std::string_view(packed_.get(), packed)};
}

void SpanCodec::Unpack(const PackedPiece& packed, char* to, uint32_t size) {
  // Only this class has written it.
  if (!packer_->Unpack(packed.dictionary, packed.bytes, to, size)) std::abort();
}

void SpanCodec::Sample(std::string_view piece, int64_t now_ns) {
  sample_.append(piece.substr(0, WholeSpans(piece, std::min<size_t>(kOfOnePiece, kDictionaryBytes - sample_.size()))));
  if (made_ == 0) {
    if (sample_.size() >= kFirstDictionary) MakeDictionary(now_ns);
  } else if (now_ns >= next_ns_) {
    // Less comes than did: what has come in may take longer, but is not to be replaced by little.
    sample_.size() >= kDictionaryBytes / 2 ? MakeDictionary(now_ns) : void(stride_ = (stride_ + 1) / 2);
  }
  until_next_ = 1 + Random(2 * stride_ - 1);
}

void SpanCodec::MakeDictionary(int64_t now_ns) {
  const auto* const free = std::find(replaced_ns_.begin() + 1, replaced_ns_.end(), kFree);
  const int64_t until_next_ns = made_ == 0 ? kSecondNs : every_ns_;
  // So that the next sample is full about when it is wanted, and of all the time until then.
  if (made_ != 0) {
    const double rate = static_cast<double>(bytes_in_ - bytes_before_) / static_cast<double>(now_ns - made_ns_ + 1);
    const double full = rate * static_cast<double>(until_next_ns) / kDictionaryBytes;
    stride_ = static_cast<uint32_t>(std::clamp(full, 1.0, 1e6));
  }
  next_ns_ = now_ns + until_next_ns;
  bytes_before_ = bytes_in_;
  made_ns_ = now_ns;
  if (free != replaced_ns_.end()) {
    const auto number = static_cast<uint32_t>(free - replaced_ns_.begin());
    packer_->SetDictionary(number, sample_);
    replaced_ns_[present_] = now_ns;
    replaced_ns_[number] = kInUse;
    present_ = number;
    ++made_;
  }
  sample_.clear();
}

void SpanCodec::Sweep(int64_t oldest_ns) {
  for (uint32_t number = 1; number <= kDictionaries; ++number) {
    if (replaced_ns_[number] < oldest_ns) replaced_ns_[number] = kFree;
  }
}

uint32_t SpanCodec::Random(uint32_t below) { return static_cast<uint32_t>((random_.Next() >> 32) * below >> 32); }

}  // namespace tailrace
