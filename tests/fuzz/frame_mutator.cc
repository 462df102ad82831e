#include "tests/fuzz/frame_mutator.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace tailrace::testing {
namespace {

constexpr size_t kHeadBytes = 9;

enum FrameType : uint8_t {
  kData,
  kHeaders,
  kPriority,
  kReset,
  kSettings,
  kPush,
  kPing,
  kGoaway,
  kWindow,
  kContinuation
};

struct Frame {
  uint8_t type = kData;
  uint8_t flags = 0;
  uint32_t stream = 0;
  std::string payload;
  int32_t length_off = 0;  // how much the length field says too much
};

std::vector<Frame> ReadFrames(std::string_view bytes) {
  std::vector<Frame> frames;
  const auto byte = [&bytes](size_t at) { return uint32_t{static_cast<uint8_t>(bytes[at])}; };
  while (bytes.size() >= kHeadBytes) {
    const uint32_t length = byte(0) << 16 | byte(1) << 8 | byte(2);
    Frame frame{.type = static_cast<uint8_t>(byte(3)), .flags = static_cast<uint8_t>(byte(4))};
    frame.stream = byte(5) << 24 | byte(6) << 16 | byte(7) << 8 | byte(8);
    frame.payload = bytes.substr(kHeadBytes, length);
    bytes.remove_prefix(kHeadBytes + frame.payload.size());
    frames.push_back(std::move(frame));
  }
  return frames;
}

void AppendNumber(uint32_t number, int bytes, std::string* out) {
  while (bytes-- > 0) out->push_back(static_cast<char>(number >> 8 * bytes));
}

std::string WriteFrames(const std::vector<Frame>& frames) {
  std::string out;
  for (const Frame& frame : frames) {
    AppendNumber(static_cast<uint32_t>(static_cast<int64_t>(frame.payload.size()) + frame.length_off), 3, &out);
    AppendNumber(frame.type, 1, &out);
    AppendNumber(frame.flags, 1, &out);
    AppendNumber(frame.stream, 4, &out);
    out += frame.payload;
  }
  return out;
}

struct Field {
  std::string_view name;
  std::string_view value;
};

constexpr std::array<Field, 22> kFields = {{
    {":method", "POST"},
    {":scheme", "http"},
    {":authority", "a"},
    {":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"},
    {":path", "/grpc.health.v1.Health/Check"},
    {":path", "/v1/traces"},
    {":method", "HEAD"},
    {"content-type", "application/grpc"},
    {"content-type", "application/x-protobuf"},
    {"content-type", "application/json"},
    {"content-encoding", "gzip"},
    {"grpc-encoding", "gzip"},
    {"grpc-encoding", "br"},
    {"content-length", "0"},
    {"content-length", "7"},
    {"content-length", "2000000"},
    {"te", "trailers"},
    {"authorization", "a"},
    {"authorization", "A"},
    {"authorization", "W"},
    {"connection", "close"},
    {"x", "y"},
}};

// HPACK, a literal without a Huffman code; half of them go into the table.
void AppendField(const Field& field, Dice* dice, std::string* block) {
  block->push_back(dice->OneIn(2) ? '\x40' : '\0');
  block->push_back(static_cast<char>(field.name.size()));
  block->append(field.name);
  block->push_back(static_cast<char>(field.value.size()));
  block->append(field.value);
}

std::string RandomHeaderBlock(Dice* dice) {
  std::string block;
  const size_t path = 3 + dice->Below(3);
  for (const size_t index : {size_t{0}, size_t{1}, path}) {
    if (!dice->OneIn(10)) AppendField(kFields[index], dice, &block);
  }
  if (!dice->OneIn(5)) AppendField(kFields[path < 5 ? 7 : 8 + dice->Below(2)], dice, &block);
  for (uint64_t i = dice->Below(3); i > 0; --i) AppendField(kFields[dice->Below(kFields.size())], dice, &block);
  if (dice->OneIn(6)) block.push_back(static_cast<char>(0x80 | dice->Below(70)));  // from the table
  return block;
}

std::string RandomPayload(uint8_t type, Dice* dice) {
  std::string payload;
  switch (type) {
    case kData: {
      uint64_t spans = 0;
      const std::string message = dice->OneIn(2) ? RandomWire(dice, &spans).substr(0, 2000) : std::string();
      payload.push_back(static_cast<char>(dice->OneIn(8) ? dice->Below(256) : 0));
      AppendNumber(static_cast<uint32_t>(dice->OneIn(8) ? dice->Number() : message.size()), 4, &payload);
      return dice->OneIn(4) ? message : payload + message;
    }
    case kHeaders:
    case kContinuation:
      return RandomHeaderBlock(dice);
    case kSettings:
      for (uint64_t i = dice->Below(4); i > 0; --i) {
        AppendNumber(static_cast<uint32_t>(dice->Below(9)), 2, &payload);
        AppendNumber(static_cast<uint32_t>(dice->Number()), 4, &payload);
      }
      return payload;
    case kPriority:
      return dice->Bytes(5);
    case kReset:
    case kWindow:
      AppendNumber(static_cast<uint32_t>(dice->Number()), 4, &payload);
      return payload;
    default:
      return dice->Bytes(8);
  }
}

uint32_t RandomStream(const std::vector<Frame>& frames, Dice* dice) {
  uint32_t highest = 0;
  for (const Frame& frame : frames) highest = std::max(highest, frame.stream & 0xFFFF);
  switch (dice->Below(4)) {
    case 0:
      return highest | 1;
    case 1:
      return (highest + 1) | 1;
    case 2:
      return static_cast<uint32_t>(dice->Below(8));
    default:
      return frames.empty() ? 1 : frames[dice->Below(frames.size())].stream;
  }
}

Frame RandomFrame(const std::vector<Frame>& frames, Dice* dice) {
  constexpr uint8_t kOften[] = {kData, kHeaders, kHeaders, kReset, kSettings, kPing, kWindow, kContinuation};
  Frame frame{.type = dice->OneIn(10) ? static_cast<uint8_t>(dice->Below(12)) : kOften[dice->Below(std::size(kOften))]};
  const bool connection = frame.type == kSettings || frame.type == kPing || frame.type == kGoaway;
  frame.stream = connection ? 0 : RandomStream(frames, dice);
  if (frame.type == kWindow && dice->OneIn(2)) frame.stream = 0;
  if (frame.type == kHeaders) frame.stream = RandomStream(frames, dice) | 1;
  constexpr uint8_t kFlags[] = {0, 1, 4, 5, 5, 4};
  frame.flags = dice->OneIn(10) ? static_cast<uint8_t>(dice->Word()) : kFlags[dice->Below(std::size(kFlags))];
  frame.payload = RandomPayload(frame.type, dice);
  return frame;
}

void MutateFrameList(std::vector<Frame>* frames, Dice* dice, const MutateBytes& mutate) {
  const auto place = [&] { return frames->begin() + static_cast<ptrdiff_t>(dice->Below(frames->size() + 1)); };
  if (frames->empty() || dice->OneIn(3)) {
    Frame made = RandomFrame(*frames, dice);
    frames->insert(dice->OneIn(2) ? frames->end() : place(), std::move(made));
    return;
  }
  const size_t at = dice->Below(frames->size());
  Frame& frame = (*frames)[at];
  switch (dice->Below(9)) {
    case 0:
      frames->erase(frames->begin() + static_cast<ptrdiff_t>(at));
      return;
    case 1: {
      const Frame copy = frame;
      const size_t many = dice->OneIn(6) ? dice->Below(300) : 1;  // floods
      for (size_t i = 0; i < many; ++i) {
        frames->push_back(copy);
        if (copy.type == kHeaders && copy.stream < 0x10000) frames->back().stream += static_cast<uint32_t>(2 + 2 * i);
      }
      return;
    }
    case 2:
      std::swap(frame, (*frames)[dice->Below(frames->size())]);
      return;
    case 3:
      frame.stream = RandomStream(*frames, dice);
      return;
    case 4:
      frame.flags = static_cast<uint8_t>(frame.flags ^ (1U << dice->Below(6)));
      return;
    case 5:
      frame.payload = RandomPayload(frame.type, dice);
      return;
    case 6: {  // one message in two frames
      if (frame.payload.empty()) return;
      Frame second = frame;
      const size_t cut = dice->Below(frame.payload.size());
      second.payload.erase(0, cut);
      if (second.type == kHeaders) second.type = kContinuation;
      frame.payload.resize(cut);
      frame.flags = static_cast<uint8_t>(frame.flags & ~(frame.type == kHeaders ? 4 : 1));
      frames->insert(frames->begin() + static_cast<ptrdiff_t>(at) + 1, std::move(second));
      return;
    }
    case 7:
      if (dice->OneIn(4)) frame.length_off = static_cast<int32_t>(dice->Below(20)) - 10;
      return;
    default: {
      const size_t size = frame.payload.size();
      frame.payload.resize(size + 16);
      frame.payload.resize(mutate(reinterpret_cast<uint8_t*>(frame.payload.data()), size, frame.payload.size()));
    }
  }
}

}  // namespace

std::string MutateFrames(std::string_view input, size_t size_max, Dice* dice, const MutateBytes& mutate) {
  std::string head(input.substr(0, 2));
  head.resize(2);
  head += input.substr(std::min<size_t>(2, input.size()), static_cast<uint8_t>(head[1]) % 16);
  std::vector<Frame> frames = ReadFrames(input.substr(std::min(head.size(), input.size())));
  if (dice->OneIn(12)) head[0] = static_cast<char>(dice->Below(32));
  if (dice->OneIn(12)) {
    head.resize(2 + dice->Below(16));
    head[1] = static_cast<char>(head.size() - 2);
    for (size_t i = 2; i < head.size(); ++i) head[i] = static_cast<char>(dice->Word());
  }
  for (uint64_t i = 1 + dice->Below(4); i > 0; --i) MutateFrameList(&frames, dice, mutate);
  std::string out = head + WriteFrames(frames);
  out.resize(std::min(out.size(), size_max));
  return out;
}

}  // namespace tailrace::testing
