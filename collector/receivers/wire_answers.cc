#include "collector/receivers/wire_answers.h"

#include "collector/receivers/text.h"

namespace tailrace {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::string_view kRetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendVarintField(uint32_t field, uint64_t value, std::string* out) {
  if (value == 0) return;
  AppendVarint(field << 3, out);
  AppendVarint(value, out);
}

void AppendBytesField(uint32_t field, std::string_view bytes, std::string* out) {
  AppendVarint(field << 3 | 2, out);
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte < 0x20) {
      out->append("\\u00");
      out->push_back(kHex[byte >> 4]);
      out->push_back(kHex[byte & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

}  // namespace

void AppendStatusProto(RpcCode code, std::string_view message, uint32_t retry_after_ms, std::string* out) {
  AppendVarintField(1, static_cast<uint64_t>(code), out);
  AppendBytesField(2, message, out);
  if (retry_after_ms == 0) return;
  std::string delay, retry_info, any;  // refusals only
  AppendVarintField(1, retry_after_ms / 1000, &delay);
  AppendVarintField(2, uint64_t{retry_after_ms % 1000} * 1000000, &delay);
  AppendBytesField(1, delay, &retry_info);
  AppendBytesField(1, kRetryInfoType, &any);
  AppendBytesField(2, retry_info, &any);
  AppendBytesField(3, any, out);
}

void AppendStatusJson(RpcCode code, std::string_view message, std::string* out) {
  AppendAll(out, "{\"code\":", static_cast<uint64_t>(code), ",\"message\":");
  AppendJsonString(message, out);
  out->push_back('}');
}

void AppendPartialSuccessProto(uint64_t rejected_spans, std::string_view message, std::string* out) {
  std::string partial;
  AppendVarintField(1, rejected_spans, &partial);
  AppendBytesField(2, message, &partial);
  AppendBytesField(1, partial, out);
}

void AppendPartialSuccessJson(uint64_t rejected_spans, std::string_view message, std::string* out) {
  AppendAll(out, "{\"partialSuccess\":{\"rejectedSpans\":\"", rejected_spans, "\",\"errorMessage\":");
  AppendJsonString(message, out);
  out->append("}}");
}

void AppendPercentEncoded(std::string_view text, std::string* out) {
  for (const char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '%') {
      out->push_back(c);
    } else {
      out->push_back('%');
      out->push_back("0123456789ABCDEF"[byte >> 4]);
      out->push_back("0123456789ABCDEF"[byte & 15]);
    }
  }
}

void AppendBase64(std::string_view bytes, std::string* out) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    for (bit_count += 8; bit_count >= 6; bit_count -= 6) out->push_back(kDigits[bits >> (bit_count - 6) & 63]);
  }
  if (bit_count > 0) out->push_back(kDigits[bits << (6 - bit_count) & 63]);
}

}  // namespace tailrace
