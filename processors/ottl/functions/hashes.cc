// Hashes of text: cryptographic ones as hexadecimal digits, and faster ones.
#include <openssl/evp.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <string>

#include "absl/strings/escaping.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/murmur3.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

template <typename Run>
ExpressionPtr OfText(Arguments arguments, Run run) {
  return Call([target = std::move(arguments[0].expression), run](Evaluation* evaluation, Value* result) {
    std::string_view text;
    return GetString(*target, evaluation, &text) && run(text, evaluation, result);
  });
}

std::string Hex(const void* bytes, size_t size) {
  return absl::BytesToHexString({static_cast<const char*>(bytes), size});
}

template <const EVP_MD* (*kDigest)()>
Made MakeDigest(Arguments arguments) {
  return OfText(std::move(arguments), [](std::string_view text, Evaluation* evaluation, Value* result) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest, &size, kDigest(), nullptr) != 1) {
      return evaluation->Fail("this hash is not available here");
    }
    return SetString(Hex(digest, size), evaluation, result);
  });
}

// FNV-1a, 64 bits, as an int.
Made MakeFnv(Arguments arguments) {
  return OfText(std::move(arguments), [](std::string_view text, Evaluation*, Value* result) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return SetValue(Value::Int(static_cast<int64_t>(hash)), result);
  });
}

Made MakeMurmur3(Arguments arguments) {
  return OfText(std::move(arguments), [](std::string_view text, Evaluation* evaluation, Value* result) {
    const uint32_t hash = Murmur3(text);
    return SetString(Hex(&hash, sizeof(hash)), evaluation, result);
  });
}

Made MakeMurmur3Of128(Arguments arguments) {
  return OfText(std::move(arguments), [](std::string_view text, Evaluation* evaluation, Value* result) {
    const Murmur3Pair hash = Murmur3Of128(text);
    return SetString(Hex(&hash.first, sizeof(uint64_t)) + Hex(&hash.second, sizeof(uint64_t)), evaluation, result);
  });
}

Made MakeXxh3(Arguments arguments) {
  return OfText(std::move(arguments), [](std::string_view text, Evaluation* evaluation, Value* result) {
    XXH64_canonical_t digits;
    XXH64_canonicalFromHash(&digits, XXH3_64bits(text.data(), text.size()));
    return SetString(Hex(digits.digest, sizeof(digits.digest)), evaluation, result);
  });
}

Made MakeXxh128(Arguments arguments) {
  return OfText(std::move(arguments), [](std::string_view text, Evaluation* evaluation, Value* result) {
    XXH128_canonical_t digits;
    XXH128_canonicalFromHash(&digits, XXH3_128bits(text.data(), text.size()));
    return SetString(Hex(digits.digest, sizeof(digits.digest)), evaluation, result);
  });
}

}  // namespace

void AddHashFunctions(std::vector<Function>* all) {
  const Parameter target = {"target", ParameterType::kString};
  all->push_back({"MD5", {target}, MakeDigest<EVP_md5>});
  all->push_back({"SHA1", {target}, MakeDigest<EVP_sha1>});
  all->push_back({"SHA256", {target}, MakeDigest<EVP_sha256>});
  all->push_back({"SHA512", {target}, MakeDigest<EVP_sha512>});
  all->push_back({"FNV", {target}, MakeFnv});
  all->push_back({"Murmur3Hash", {target}, MakeMurmur3});
  all->push_back({"Murmur3Hash128", {target}, MakeMurmur3Of128});
  all->push_back({"XXH3", {target}, MakeXxh3});
  all->push_back({"XXH128", {target}, MakeXxh128});
}

}  // namespace tailrace::ottl
