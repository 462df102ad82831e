#include "processors/ottl/functions/charsets.h"

#include <iconv.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {

struct Charset {
  const char* iconv_name;
  std::string_view names;  // lower case, each between spaces
};

namespace {

// https://www.iana.org/assignments/character-sets, those that the Collector reads; what the Collector calls utf-16
// is little-endian, and its ascii is UTF-8.
constexpr Charset kCharsets[] = {
    {"US-ASCII", " ansi_x3.4-1968 ansi_x3.4-1986 cp367 csascii ibm367 iso-ir-6 iso646-us iso_646.irv:1991 us "},
    {"UTF-8", " ascii csutf8 us-ascii utf-8 utf8 "},
    {"UTF-16", " csutf16 "},
    {"UTF-16BE", " csutf16be utf-16be "},
    {"UTF-16LE", " csutf16le utf-16 utf-16le utf16 "},
    {"IBM037", " cp037 csibm037 ebcdic-cp-ca ebcdic-cp-nl ebcdic-cp-us ebcdic-cp-wt ibm037 "},
    {"IBM437", " 437 cp437 cspc8codepage437 ibm437 "},
    {"IBM850", " 850 cp850 cspc850multilingual ibm850 "},
    {"IBM852", " 852 cp852 cspcp852 ibm852 "},
    {"IBM855", " 855 cp855 csibm855 ibm855 "},
    {"CP858", " ccsid00858 cp00858 csibm00858 ibm00858 pc-multilingual-850+euro "},
    {"IBM860", " 860 cp860 csibm860 ibm860 "},
    {"IBM862", " 862 cp862 cspc862latinhebrew ibm862 "},
    {"IBM863", " 863 cp863 csibm863 ibm863 "},
    {"IBM865", " 865 cp865 csibm865 ibm865 "},
    {"IBM866", " 866 cp866 csibm866 ibm866 "},
    {"IBM1047", " csibm1047 ibm-1047 ibm1047 "},
    {"IBM1140", " ccsid01140 cp01140 csibm01140 ebcdic-us-37+euro ibm01140 "},
    {"ISO-8859-1", " cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso_8859-1 iso_8859-1:1987 l1 latin1 "},
    {"ISO-8859-2", " csisolatin2 iso-8859-2 iso-ir-101 iso_8859-2 iso_8859-2:1987 l2 latin2 "},
    {"ISO-8859-3", " csisolatin3 iso-8859-3 iso-ir-109 iso_8859-3 iso_8859-3:1988 l3 latin3 "},
    {"ISO-8859-4", " csisolatin4 iso-8859-4 iso-ir-110 iso_8859-4 iso_8859-4:1988 l4 latin4 "},
    {"ISO-8859-5", " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso_8859-5 iso_8859-5:1988 "},
    {"ISO-8859-6",
     " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 "
     "iso-8859-6-e iso-8859-6-i iso-ir-127 iso_8859-6 iso_8859-6-e iso_8859-6-i "
     "iso_8859-6:1987 "},
    {"ISO-8859-7", " csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso_8859-7 iso_8859-7:1987 "},
    {"ISO-8859-8",
     " csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-8859-8-i "
     "iso-ir-138 iso_8859-8 iso_8859-8-e iso_8859-8-i iso_8859-8:1988 "},
    {"ISO-8859-9", " csisolatin5 iso-8859-9 iso-ir-148 iso_8859-9 iso_8859-9:1989 l5 latin5 "},
    {"ISO-8859-10", " csisolatin6 iso-8859-10 iso-ir-157 iso_8859-10:1992 l6 latin6 "},
    {"ISO-8859-13", " csiso885913 iso-8859-13 "},
    {"ISO-8859-14", " csiso885914 iso-8859-14 iso-celtic iso-ir-199 iso_8859-14 iso_8859-14:1998 l8 latin8 "},
    {"ISO-8859-15", " csiso885915 iso-8859-15 iso_8859-15 latin-9 "},
    {"ISO-8859-16", " csiso885916 iso-8859-16 iso-ir-226 iso_8859-16 iso_8859-16:2001 l10 latin10 "},
    {"KOI8-R", " cskoi8r koi8-r "},
    {"KOI8-U", " cskoi8u koi8-u "},
    {"MACINTOSH", " csmacintosh mac macintosh "},
    {"CP874", " cswindows874 windows-874 "},
    {"CP1250", " cswindows1250 windows-1250 "},
    {"CP1251", " cswindows1251 windows-1251 "},
    {"CP1252", " cswindows1252 windows-1252 "},
    {"CP1253", " cswindows1253 windows-1253 "},
    {"CP1254", " cswindows1254 windows-1254 "},
    {"CP1255", " cswindows1255 windows-1255 "},
    {"CP1256", " cswindows1256 windows-1256 "},
    {"CP1257", " cswindows1257 windows-1257 "},
    {"CP1258", " cswindows1258 windows-1258 "},
    {"EUC-JP", " cseucpkdfmtjapanese euc-jp extended_unix_code_packed_format_for_japanese "},
    {"ISO-2022-JP", " csiso2022jp iso-2022-jp "},
    {"CP932", " csshiftjis ms_kanji shift_jis "},
    {"UHC", " cseuckr euc-kr "},
    {"GB18030", " csgb18030 gb18030 "},
    {"GBK", " cp936 csgbk gbk ms936 windows-936 "},
    {"BIG5-HKSCS", " big5 csbig5 "},
};

// Broken UTF-8 becomes U+FFFD, byte by byte.
void FromUtf8(std::string_view bytes, std::string* text) {
  text->reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const Rune rune = DecodeRune(bytes.substr(at));
    AppendRune(rune.code, text);
    at += rune.size;
  }
}

void FromAscii(std::string_view bytes, std::string* text) {
  for (const char c : bytes) AppendRune(static_cast<unsigned char>(c) < 0x80 ? static_cast<uint32_t>(c) : 0xFFFD, text);
}

// A surrogate without its other half, and half a unit at the end, become U+FFFD.
void FromUtf16(bool big_endian, std::string_view bytes, std::string* text) {
  const auto unit = [big_endian, bytes](size_t at) {
    const uint32_t first = static_cast<unsigned char>(bytes[at]);
    const uint32_t second = static_cast<unsigned char>(bytes[at + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  size_t at = 0;
  while (at + 1 < bytes.size()) {
    uint32_t code = unit(at);
    at += 2;
    if (code >= 0xD800 && code < 0xDC00 && at + 1 < bytes.size() && (unit(at) & 0xFC00) == 0xDC00) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(at) - 0xDC00);
      at += 2;
    }
    AppendRune(code, text);
  }
  if (at < bytes.size()) AppendRune(0xFFFD, text);
}

// A mark at the beginning tells the order of the bytes, which is big-endian without one.
void FromMarkedUtf16(std::string_view bytes, std::string* text) {
  const bool little = bytes.starts_with("\xFF\xFE");
  if (little || bytes.starts_with("\xFE\xFF")) bytes.remove_prefix(2);
  FromUtf16(!little, bytes, text);
}

// Where the Collector's tables of a character set of one byte differ from the C library's; 0: they agree.
uint32_t Exception(std::string_view name, unsigned char byte) {
  if (name.starts_with("ISO-8859-") && name != "ISO-8859-1" && name != "ISO-8859-9") {
    return byte >= 0x80 && byte < 0xA0 ? 0xFFFD : 0;
  }
  if (name == "KOI8-U") return byte == 0xAE ? 0x045E : byte == 0xBE ? 0x040E : 0;
  if (name == "MACINTOSH") return byte == 0xC6 ? 0x2206 : byte == 0xF0 ? 0xF8FF : 0;
  if (name == "CP1255") return byte == 0xCA ? 0x05BA : 0;
  return 0;
}

void Convert(iconv_t converter, std::string_view bytes, std::string* text) {
  char* in = const_cast<char*>(bytes.data());  // iconv does not write to it
  size_t left = bytes.size();
  char buffer[4096];
  while (left > 0) {
    char* out = buffer;
    size_t room = sizeof(buffer);
    const size_t converted = iconv(converter, &in, &left, &out, &room);
    const int error = errno;
    text->append(buffer, static_cast<size_t>(out - buffer));
    if (converted != static_cast<size_t>(-1) || error == E2BIG) continue;
    AppendRune(0xFFFD, text);
    if (error == EINVAL) break;  // ends within a character
    ++in;
    --left;
  }
  // What a character that could have been combined with the next held back.
  char* out = buffer;
  size_t room = sizeof(buffer);
  iconv(converter, nullptr, nullptr, &out, &room);
  text->append(buffer, static_cast<size_t>(out - buffer));
}

bool FromTables(const char* iconv_name, std::string_view bytes, std::string* text) {
  const iconv_t converter = iconv_open("UTF-8", iconv_name);
  if (converter == reinterpret_cast<iconv_t>(-1)) return false;
  const absl::Cleanup close = [converter] { iconv_close(converter); };
  size_t begin = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    const uint32_t code = Exception(iconv_name, static_cast<unsigned char>(bytes[at]));
    if (code == 0) continue;
    Convert(converter, bytes.substr(begin, at - begin), text);
    AppendRune(code, text);
    begin = at + 1;
  }
  Convert(converter, bytes.substr(begin), text);
  return true;
}

}  // namespace

const Charset* FindCharset(std::string_view name) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace({name.data(), name.size()}));
  if (lower.find(' ') != std::string::npos) return nullptr;
  const std::string wanted = " " + (lower.empty() ? "utf-8" : lower) + " ";
  for (const Charset& charset : kCharsets) {
    if (charset.names.find(wanted) != std::string_view::npos) return &charset;
  }
  return nullptr;
}

bool FromCharset(const Charset& charset, std::string_view bytes, std::string* text) {
  const std::string_view name = charset.iconv_name;
  if (name == "UTF-8") return FromUtf8(bytes, text), true;
  if (name == "US-ASCII") return FromAscii(bytes, text), true;
  if (name == "UTF-16") return FromMarkedUtf16(bytes, text), true;
  if (name == "UTF-16LE" || name == "UTF-16BE") return FromUtf16(name == "UTF-16BE", bytes, text), true;
  return FromTables(charset.iconv_name, bytes, text);
}

}  // namespace tailrace::ottl
