// Networks: URLs, address ranges, the hash of a flow.
#include <arpa/inet.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "processors/ottl/functions/go_url.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

// 4 or 16 bytes.
struct Address {
  std::array<unsigned char, 16> bytes{};
  size_t size = 0;

  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), size}; }
};

// As Go's net.ParseIP: no zone, no leading zeros, an IPv4 address within IPv6 is IPv4.
std::optional<Address> ParseAddress(std::string_view text) {
  Address address;
  const std::string copy(text);
  if (copy.find('\0') != std::string::npos) return {};
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
    return address;
  }
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) != 1) return {};
  address.size = 16;
  static constexpr unsigned char kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::memcmp(address.bytes.data(), kMapped, sizeof(kMapped)) == 0) {
    std::memmove(address.bytes.data(), address.bytes.data() + 12, 4);
    address.size = 4;
  }
  return address;
}

struct Network {
  Address address;
  uint32_t bits = 0;

  bool Contains(const Address& other) const {
    if (other.size != address.size) return false;
    const size_t whole = bits / 8;
    if (std::memcmp(address.bytes.data(), other.bytes.data(), whole) != 0) return false;
    const uint32_t left = bits % 8;
    return left == 0 || ((address.bytes[whole] ^ other.bytes[whole]) >> (8 - left)) == 0;
  }
};

std::optional<Network> ParseNetwork(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const bool ipv6 = text.substr(0, slash).find(':') != std::string_view::npos;
  std::optional<Address> address = ParseAddress(text.substr(0, slash));
  if (!address.has_value()) return {};
  Network network{*address};
  const std::string_view bits = text.substr(slash + 1);
  const auto read = std::from_chars(bits.data(), bits.data() + bits.size(), network.bits);
  if (bits.empty() || read.ec != std::errc() || read.ptr != bits.data() + bits.size()) return {};
  if (network.bits > (ipv6 ? 128u : 32u)) return {};
  // Of a mapped address the mask counts from the end.
  if (ipv6 && address->size == 4) {
    if (network.bits < 96) return {};
    network.bits -= 96;
  }
  return network;
}

absl::Status NoNetwork(std::string_view text) {
  return absl::InvalidArgumentError("invalid CIDR address: " + std::string(text.substr(0, 60)));
}

Made MakeIsInCidr(Arguments arguments) {
  std::vector<ExpressionPtr> networks = std::move(arguments[1].items);
  std::vector<Network> known;
  const bool all_known = std::all_of(networks.begin(), networks.end(),
                                     [](const ExpressionPtr& network) { return network->constant() != nullptr; });
  for (const ExpressionPtr& network : networks) {
    if (network->constant() == nullptr) break;
    const auto parsed = ParseNetwork(network->constant()->view());
    if (!parsed.has_value()) return NoNetwork(network->constant()->view());
    known.push_back(*parsed);
  }
  return Call([target = std::move(arguments[0].expression), networks = std::move(networks), known = std::move(known),
               all_known](Evaluation* evaluation, Value* result) {
    std::string_view text;
    if (!GetString(*target, evaluation, &text)) return false;
    const std::optional<Address> address = ParseAddress(text);
    if (!address.has_value()) return SetValue(Value::Bool(false), result);
    const auto contains = [&address](const Network& network) { return network.Contains(*address); };
    if (all_known) return SetValue(Value::Bool(std::any_of(known.begin(), known.end(), contains)), result);
    for (const ExpressionPtr& network : networks) {
      if (!GetString(*network, evaluation, &text)) return false;
      const auto parsed = ParseNetwork(text);
      if (!parsed.has_value()) return evaluation->Fail(std::string(NoNetwork(text).message()));
      if (contains(*parsed)) return SetValue(Value::Bool(true), result);
    }
    return SetValue(Value::Bool(false), result);
  });
}

// By the semantic conventions' names; what is not there has no key, but for the first four.
bool DescribeUrl(const GoUrl& url, Evaluation* evaluation, Value* result) {
  std::vector<std::pair<std::string_view, std::string>> texts = {
      {"url.original", url.Text()}, {"url.domain", url.Hostname()}, {"url.scheme", url.scheme}, {"url.path", url.path}};
  if (!url.fragment.empty()) texts.emplace_back("url.fragment", url.fragment);
  if (url.user.has_value()) {
    texts.emplace_back("url.user_info", url.UserInfo());
    if (!url.user->name.empty()) texts.emplace_back("url.username", url.user->name);
    if (url.user->password.has_value()) texts.emplace_back("url.password", *url.user->password);
  }
  if (!url.query.empty()) texts.emplace_back("url.query", url.query);
  const size_t period = url.path.rfind('.');
  if (period != std::string::npos && period + 1 < url.path.size()) {
    texts.emplace_back("url.extension", url.path.substr(period + 1));
  }
  const std::string port = url.Port();
  int64_t number = 0;
  if (!port.empty() && std::from_chars(port.data(), port.data() + port.size(), number).ec != std::errc()) {
    return evaluation->Fail("URL: the port is out of range");
  }
  MapEntry* entries = NewEntries(texts.size() + (port.empty() ? 0 : 1), false, evaluation, result);
  if (entries == nullptr) return false;
  for (const auto& [key, text] : texts) {
    entries->key = key;
    if (!SetString(text, evaluation, &entries++->value)) return false;
  }
  if (!port.empty()) *entries = {"url.port", Value::GoInt(number)};
  return true;
}

absl::StatusOr<std::string> UnescapeQuery(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return GoUrl::UnescapeQuery(spaced);
}

// A query alone, "?a=1&b=2": its parameters' values by name.
bool DescribeQuery(std::string_view query, Evaluation* evaluation, Value* result) {
  std::vector<std::pair<std::string, std::vector<std::string>>> parameters;
  absl::flat_hash_map<std::string, size_t> places;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.find(';') != std::string_view::npos) return evaluation->Fail("URL: invalid semicolon separator in query");
    if (pair.empty()) continue;
    const size_t middle = std::min(pair.find('='), pair.size());
    auto name = UnescapeQuery(pair.substr(0, middle));
    auto value = UnescapeQuery(pair.substr(std::min(middle + 1, pair.size())));
    if (!name.ok() || !value.ok()) return evaluation->Fail("URL: invalid escape in query");
    const size_t at = places.try_emplace(*name, parameters.size()).first->second;
    if (at == parameters.size()) parameters.push_back({*std::move(name), {}});
    parameters[at].second.push_back(*std::move(value));
  }
  MapEntry* all = NewEntries(parameters.empty() ? 0 : 1, false, evaluation, result);
  if (all == nullptr) return false;
  if (parameters.empty()) return true;
  all->key = "query";
  MapEntry* entries = NewEntries(parameters.size(), false, evaluation, &all->value);
  if (entries == nullptr) return false;
  for (const auto& [name, values] : parameters) {
    Value key;
    Value* items = NewItems(values.size(), ListType::kAny, evaluation, &entries->value);
    if (items == nullptr || !SetString(name, evaluation, &key)) return false;
    entries++->key = key.view();
    for (const std::string& value : values) {
      if (!SetString(value, evaluation, items++)) return false;
    }
  }
  return true;
}

Made MakeUrl(Arguments arguments) {
  return Call([uri = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    std::string_view text;
    if (!GetString(*uri, evaluation, &text)) return false;
    if (text.empty()) return evaluation->Fail("url cannot be empty");
    if (text.starts_with('?')) return DescribeQuery(text.substr(1), evaluation, result);
    const auto url = GoUrl::Parse(text);
    if (!url.ok()) return evaluation->Fail("URL: " + std::string(url.status().message()));
    return DescribeUrl(*url, evaluation, result);
  });
}

struct Endpoint {
  Address address;
  uint16_t port = 0;

  bool operator<(const Endpoint& other) const {
    if (address.size != other.address.size) return address.size < other.address.size;
    const int order = address.view().compare(other.address.view());
    return order < 0 || (order == 0 && port < other.port);
  }
};

bool GetEndpoint(const Expression& address, const Expression& port, Evaluation* evaluation, Endpoint* endpoint) {
  std::string_view text;
  int64_t number = 0;
  if (!GetString(address, evaluation, &text) || !GetInt(port, evaluation, &number)) return false;
  if (number < 0 || number > 65535) return evaluation->Fail("CommunityID: a port is out of range");
  const std::optional<Address> parsed = ParseAddress(text);
  if (!parsed.has_value()) return evaluation->Fail("CommunityID: an invalid address");
  *endpoint = {*parsed, static_cast<uint16_t>(number)};
  return true;
}

std::optional<unsigned char> ProtocolOf(std::string_view name) {
  static constexpr std::pair<std::string_view, unsigned char> kProtocols[] = {
      {"ICMP", 1}, {"TCP", 6}, {"UDP", 17}, {"RSVP", 46}, {"ICMP6", 58}, {"SCTP", 132}};
  for (const auto& [known, number] : kProtocols) {
    if (name == known) return number;
  }
  return {};
}

// Version 1: the smaller endpoint first.
std::string CommunityId(Endpoint one, Endpoint two, unsigned char protocol, uint16_t seed) {
  if (two < one) std::swap(one, two);
  std::string flow;
  const auto number = [&flow](uint16_t value) {
    flow.push_back(static_cast<char>(value >> 8));
    flow.push_back(static_cast<char>(value));
  };
  number(seed);
  flow.append(one.address.view()).append(two.address.view());
  flow.push_back(static_cast<char>(protocol));
  flow.push_back('\0');
  number(one.port);
  number(two.port);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(flow.data(), flow.size(), digest, &size, EVP_sha1(), nullptr);
  return "1:" + absl::Base64Escape({reinterpret_cast<const char*>(digest), size});
}

Made MakeCommunityId(Arguments arguments) {
  return Call([arguments = std::move(arguments)](Evaluation* evaluation, Value* result) {
    const auto argument = [&arguments](size_t i) -> const Expression& { return *arguments[i].expression; };
    Endpoint source;
    Endpoint destination;
    if (!GetEndpoint(argument(0), argument(1), evaluation, &source)) return false;
    if (!GetEndpoint(argument(2), argument(3), evaluation, &destination)) return false;
    std::string_view protocol = "TCP";
    if (arguments[4].given() && !GetString(argument(4), evaluation, &protocol)) return false;
    const std::optional<unsigned char> number = ProtocolOf(protocol);
    if (!number.has_value()) return evaluation->Fail("CommunityID: unsupported protocol");
    int64_t seed = 0;
    if (arguments[5].given() && !GetInt(argument(5), evaluation, &seed)) return false;
    if (seed < 0 || seed > 65535) return evaluation->Fail("CommunityID: the seed is out of range");
    return SetString(CommunityId(source, destination, *number, static_cast<uint16_t>(seed)), evaluation, result);
  });
}

}  // namespace

void AddNetworkFunctions(std::vector<Function>* all) {
  const auto kText = ParameterType::kString;
  const auto kInt = ParameterType::kInt;
  all->push_back({"URL", {{"uri", kText}}, MakeUrl});
  all->push_back({"IsInCIDR", {{"target", kText}, {"networks", kText, false, true}}, MakeIsInCidr});
  all->push_back({"CommunityID",
                  {{"source_ip", kText},
                   {"source_port", kInt},
                   {"destination_ip", kText},
                   {"destination_port", kInt},
                   {"protocol", kText, true},
                   {"seed", kInt, true}},
                  MakeCommunityId});
}

}  // namespace tailrace::ottl
