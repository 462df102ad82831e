#include "collector/load/http2_wire.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "collector/load/span_writer.h"

namespace tailrace::http2 {

uint32_t Load32(const char* at) {
  uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return __builtin_bswap32(value);
}

std::string Big32(uint32_t value) {
  value = __builtin_bswap32(value);
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string FrameHeader(size_t size, uint8_t type, uint8_t flags, uint32_t stream) {
  std::string out = Big32(static_cast<uint32_t>(size) << 8 | type);
  out.push_back(static_cast<char>(flags));
  return out + Big32(stream);
}

HeaderBlocks MakeHeaderBlocks(const LoadOptions& options) {
  const bool grpc = options.protocol == LoadProtocol::kGrpc;
  std::vector<std::pair<std::string, std::string>> headers = {
      {":path", grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : options.path},
      {":authority", options.host + ":" + options.port},
      {"content-type", grpc ? "application/grpc" : "application/x-protobuf"},
      {"user-agent", "tailrace-load/" TAILRACE_VERSION}};
  if (grpc) headers.emplace_back("te", "trailers");
  if (options.compression != LoadCompression::kNone) {
    headers.emplace_back(grpc ? "grpc-encoding" : "content-encoding",
                         options.compression == LoadCompression::kGzip ? "gzip" : "zstd");
  }
  // Entries of the static table: 3 is `:method: POST`, 6 is `:scheme: http`.
  HeaderBlocks blocks{.first = "\x83\x86", .indexed = "\x83\x86"};
  const auto text = [](const std::string& bytes) {  // no Huffman; a length from 127 on continues in the next byte
    std::string out(1, static_cast<char>(std::min<size_t>(bytes.size(), 127)));
    if (bytes.size() >= 127) AppendVarint(bytes.size() - 127, &out);
    return out + bytes;
  };
  for (size_t i = 0; i < headers.size(); ++i) {
    blocks.first += '\x40' + text(headers[i].first) + text(headers[i].second);
    blocks.indexed.push_back(static_cast<char>(0x80 | (62 + headers.size() - 1 - i)));  // the newest entry is 62
  }
  return blocks;
}

}  // namespace tailrace::http2
