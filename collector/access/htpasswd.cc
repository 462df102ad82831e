#include "collector/access/htpasswd.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace tailrace {
namespace {

constexpr std::string_view kSha = "{SHA}";
// 2^16 rounds take some seconds; the format goes up to 2^31, which would never end.
constexpr int kBcryptCostMax = 16;
constexpr size_t kBcryptSize = 60;  // "$2y$10$", 22 characters of salt, 31 of hash

bool StartsWith(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

bool IsBcrypt(std::string_view hash) {
  return StartsWith(hash, "$2y$") || StartsWith(hash, "$2a$") || StartsWith(hash, "$2b$");
}

// "$2y$10$...": 10. -1: not a bcrypt hash.
int CostOf(std::string_view hash) {
  if (hash.size() != kBcryptSize || hash[6] != '$') return -1;
  const auto digit = [&hash](size_t at) { return hash[at] >= '0' && hash[at] <= '9' ? hash[at] - '0' : 100; };
  const int cost = digit(4) * 10 + digit(5);
  return cost <= 31 ? cost : -1;
}

std::string_view Trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Why a hash cannot be used; empty: it can.
std::string ProblemOf(std::string_view hash) {
  if (hash.empty()) return "no password";
  if (IsBcrypt(hash)) {
    const int cost = CostOf(hash);
    if (cost < 4) return "not a bcrypt hash";
    return cost <= kBcryptCostMax ? "" : absl::StrCat("a bcrypt cost above ", kBcryptCostMax);
  }
  if (StartsWith(hash, kSha)) return hash.size() == kSha.size() + 28 ? "" : "not a {SHA} hash";
  if (hash[0] == '$' || hash[0] == '{') {
    return "a hash that is not supported: use bcrypt (`htpasswd -B`); apr1, crypt's other forms and {SSHA} are not "
           "taken";
  }
  return "";
}

bool SameText(std::string_view a, std::string_view b) {
  // By digest, so that neither length nor place of the first difference shows.
  std::array<uint8_t, 32> digest_a, digest_b;
  EVP_Digest(a.data(), a.size(), digest_a.data(), nullptr, EVP_sha256(), nullptr);
  EVP_Digest(b.data(), b.size(), digest_b.data(), nullptr, EVP_sha256(), nullptr);
  return CRYPTO_memcmp(digest_a.data(), digest_b.data(), digest_a.size()) == 0;
}

bool MatchesBcrypt(const std::string& hash, std::string_view password) {
  if (password.find('\0') != std::string_view::npos) return false;  // crypt would stop there
  const auto data = std::make_unique<crypt_data>();                 // 32 KiB
  const std::string text(password);
  const char* made = crypt_r(text.c_str(), hash.c_str(), data.get());
  return made != nullptr && SameText(made, hash);
}

bool MatchesSha(std::string_view hash, std::string_view password) {
  std::array<char, 20> digest;
  EVP_Digest(password.data(), password.size(), reinterpret_cast<uint8_t*>(digest.data()), nullptr, EVP_sha1(), nullptr);
  return SameText(hash.substr(kSha.size()), absl::Base64Escape(absl::string_view(digest.data(), digest.size())));
}

}  // namespace

absl::StatusOr<Htpasswd> Htpasswd::Parse(std::string_view text, std::string_view source) {
  Htpasswd made;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    const size_t colon = line.find(':');
    const std::string_view hash = colon < line.size() ? line.substr(colon + 1) : std::string_view();
    const std::string problem = colon == 0 || colon == line.npos ? "expected user:hash" : ProblemOf(hash);
    if (!problem.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(absl::string_view(source.data(), source.size()), ", line ", number, ": ", problem));
    }
    made.hashes_.insert_or_assign(std::string(line.substr(0, colon)), std::string(hash));
    if (IsBcrypt(hash) && (made.slowest_.empty() || CostOf(hash) > CostOf(made.slowest_))) made.slowest_ = hash;
  }
  return made;
}

void Htpasswd::Merge(const Htpasswd& over) {
  for (const auto& [user, hash] : over.hashes_) hashes_.insert_or_assign(user, hash);
  if (slowest_.empty() || CostOf(over.slowest_) > CostOf(slowest_)) slowest_ = over.slowest_;
}

bool Htpasswd::IsSlow(std::string_view user) const {
  const auto found = hashes_.find(user);
  return found == hashes_.end() ? !slowest_.empty() : IsBcrypt(found->second);
}

bool Htpasswd::Matches(std::string_view user, std::string_view password) const {
  const auto found = hashes_.find(user);
  if (found == hashes_.end()) {
    if (!slowest_.empty()) (void)MatchesBcrypt(slowest_, password);
    return false;
  }
  const std::string& hash = found->second;
  if (IsBcrypt(hash)) return MatchesBcrypt(hash, password);
  return StartsWith(hash, kSha) ? MatchesSha(hash, password) : SameText(hash, password);
}

}  // namespace tailrace
