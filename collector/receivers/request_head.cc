#include "collector/receivers/request_head.h"

#include <algorithm>
#include <charconv>

#include "collector/receivers/text.h"

namespace tailrace {
namespace {

constexpr std::string_view kExportPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
constexpr std::string_view kHealthCheckPath = "/grpc.health.v1.Health/Check";
constexpr std::string_view kGrpcType = "application/grpc";
constexpr size_t kEncodingNameShown = 40;

// The names of codings are not case-sensitive (RFC 9110, 8.4.1).
Encoding ParseEncodingField(std::string_view value, std::string* unsupported) {
  Encoding encoding = ParseEncoding(value);
  if (encoding != Encoding::kUnsupported) return encoding;
  std::string lower(Trimmed(value));
  for (char& c : lower) c = LowerCase(c);
  encoding = ParseEncoding(lower);
  if (encoding == Encoding::kUnsupported) unsupported->assign(value.substr(0, kEncodingNameShown));
  return encoding;
}

MediaType ParseMediaType(std::string_view value) {
  if (EqualsIgnoreCase(value.substr(0, kGrpcType.size()), kGrpcType)) {
    const std::string_view rest = value.substr(kGrpcType.size());
    return rest.empty() || rest[0] == '+' || rest[0] == ';' ? MediaType::kGrpc : MediaType::kOther;
  }
  const std::string_view type = Trimmed(value.substr(0, value.find(';')));
  if (EqualsIgnoreCase(type, "application/x-protobuf")) return MediaType::kProtobuf;
  if (EqualsIgnoreCase(type, "application/json")) return MediaType::kJson;
  return type.empty() ? MediaType::kMissing : MediaType::kOther;
}

}  // namespace

void RequestHead::Reset() {
  route = Route::kUnknown;
  post = false;
  answer_without_body = false;
  media = MediaType::kMissing;
  content_encoding = Encoding::kIdentity;
  grpc_encoding = Encoding::kIdentity;
  content_length = kNoContentLength;
  list_bytes = 0;
  hops = 0;
  unsupported_encoding.clear();
  credentials.Reset();
}

void RequestHead::OnPath(std::string_view target, std::string_view traces_url_path) {
  if (target == kExportPath) {
    route = Route::kGrpcExport;
  } else if (target == kHealthCheckPath) {
    route = Route::kGrpcHealthCheck;
  } else if (target.substr(0, target.find('?')) == traces_url_path) {
    route = Route::kHttpTraces;
  } else {
    route = Route::kUnknown;
  }
}

void RequestHead::OnContentType(std::string_view value) { media = ParseMediaType(value); }

void RequestHead::OnContentEncoding(std::string_view value) {
  content_encoding = ParseEncodingField(value, &unsupported_encoding);
}

void RequestHead::OnGrpcEncoding(std::string_view value) {
  grpc_encoding = ParseEncodingField(value, &unsupported_encoding);
}

void RequestHead::OnContentLength(std::string_view value) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), content_length);
  if (error != std::errc() || end != value.data() + value.size()) content_length = kNoContentLength;
}

void RequestHead::OnHops(std::string_view value) {
  uint8_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) number = UINT8_MAX;
  hops = std::max(hops, number);  // of several
}

void RequestHead::OnField(std::string_view name, std::string_view value, std::string_view traces_url_path) {
  switch (name.size()) {
    case 5:
      if (name == ":path") OnPath(value, traces_url_path);
      break;
    case 7:
      if (name == ":method") OnMethod(value);
      break;
    case 12:
      if (name == "content-type") OnContentType(value);
      break;
    case 13:
      if (name == "grpc-encoding") OnGrpcEncoding(value);
      if (name == kHopsField) OnHops(value);
      break;
    case 14:
      if (name == "content-length") OnContentLength(value);
      break;
    case 16:
      if (name == "content-encoding") OnContentEncoding(value);
      break;
    default:
      break;
  }
}

}  // namespace tailrace
