#include "config/sources.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "config/yaml_reader.h"

namespace tailrace::config {
namespace {

absl::Status FileError(int error) { return absl::UnavailableError(std::strerror(error)); }

constexpr int kPipeTimeoutMs = 5000;

// Reads an open file; a FIFO that nobody writes is empty rather than waited for.
absl::StatusOr<std::string> ReadDescriptor(int file) {
  struct stat status = {};
  if (fstat(file, &status) != 0) return FileError(errno);
  if (S_ISDIR(status.st_mode)) return absl::InvalidArgumentError("is a directory");
  std::string text;
  char chunk[64 << 10];
  while (true) {
    const ssize_t count = read(file, chunk, sizeof(chunk));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {  // a pipe whose writer is still at work
      pollfd ready = {file, POLLIN, 0};
      if (poll(&ready, 1, kPipeTimeoutMs) > 0) continue;
      return absl::DeadlineExceededError("nothing came from the pipe");
    }
    if (count < 0) return FileError(errno);
    if (count == 0) return text;
    text.append(chunk, static_cast<size_t>(count));
    if (text.size() > kFileBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat("larger than ", kFileBytesMax >> 20, " MiB"));
    }
  }
}

// `a::b: 1` at the top of a source stands for `a: {b: 1}`.
Node Unflatten(Node root) {
  if (!root.IsMap()) return root;
  Node out = Node::Map();
  out.where = root.where;
  for (size_t i = 0; i < root.items.size(); ++i) {
    Node value = std::move(root.items[i]);
    const std::vector<std::string> parts = absl::StrSplit(root.keys[i].text, "::");
    constexpr size_t kPartsMax = 32;
    const size_t first = parts.size() > kPartsMax ? parts.size() : 1;
    for (size_t part = parts.size(); part-- > first;) {
      Node map = Node::Map();
      map.where = root.keys[i].where;
      map.keys.push_back({parts[part], root.keys[i].where});
      map.items.push_back(std::move(value));
      value = std::move(map);
    }
    Node single = Node::Map();
    single.keys.push_back({first == 1 ? parts[0] : root.keys[i].text, root.keys[i].where});
    single.items.push_back(std::move(value));
    Merge(std::move(single), &out);
  }
  return out;
}

void ReadText(absl::string_view text, const std::string& name, Report* report, Node* root) {
  Node node;
  if (!ReadYaml(text, name, report, &node)) return;
  if (node.IsNull()) return;
  if (!node.IsMap()) {
    return report->AddProblem(node.where, "", absl::StrCat("expected a map of sections, got ", node.Describe()));
  }
  Merge(Unflatten(std::move(node)), root);
}

void ReadConfig(const std::string& uri, const LoadInput& input, Report* report, Node* root) {
  const auto fail = [&](std::string message) {
    report->AddProblem({std::make_shared<const std::string>(uri), 0}, "", std::move(message));
  };
  if (absl::StartsWith(uri, "yaml:")) {
    // `yaml:a::b: value`: two colons are a path, the last one with a space ends the key.
    return ReadText(absl::string_view(uri).substr(5), "yaml:", report, root);
  }
  if (absl::StartsWith(uri, "env:")) {
    const std::string name = uri.substr(4);
    const std::optional<std::string> text = input.getenv == nullptr ? std::nullopt : input.getenv(name);
    if (!text.has_value()) return fail("the environment variable is not set");
    return ReadText(*text, uri, report, root);
  }
  if (absl::StartsWith(uri, "http:") || absl::StartsWith(uri, "https:")) {
    return fail(absl::StrCat("a configuration over HTTP ", kNotYet));
  }
  const std::string path = absl::StartsWith(uri, "file:") ? uri.substr(5) : uri;
  const absl::StatusOr<std::string> text = ReadBoundedFile(path);
  if (!text.ok()) return fail(absl::StrCat("cannot be read: ", text.status().message()));
  ReadText(*text, path, report, root);
}

void ReadSet(const std::string& set, Report* report, Node* root) {
  const Where where{std::make_shared<const std::string>("--set"), 0};
  const size_t equals = set.find('=');
  if (equals == std::string::npos || equals == 0) {
    return report->AddProblem(where, set.substr(0, 80), "missing equal sign; write --set key.path=value");
  }
  Node value;
  const std::string key = absl::StrReplaceAll(set.substr(0, equals), {{".", "::"}});
  if (!ReadYamlValue(set.substr(equals + 1), where, &value)) {
    return report->AddProblem(where, key, "the value is not valid YAML");
  }
  Node map = Node::Map();
  map.where = where;
  map.Add(key, std::move(value));
  Merge(Unflatten(std::move(map)), root);
}

}  // namespace

absl::StatusOr<std::string> ReadBoundedFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return FileError(errno);
  absl::StatusOr<std::string> text = ReadDescriptor(file);
  close(file);
  return text;
}

void Merge(Node from, Node* into) {
  if (!from.IsMap() || !into->IsMap()) {
    *into = std::move(from);
    return;
  }
  for (size_t i = 0; i < from.items.size(); ++i) {
    if (Node* present = into->Find(from.keys[i].text)) {
      Merge(std::move(from.items[i]), present);
    } else {
      into->keys.push_back(std::move(from.keys[i]));
      into->items.push_back(std::move(from.items[i]));
    }
  }
}

Node ReadSources(const LoadInput& input, Report* report) {
  Node root = Node::Map();
  for (const std::string& uri : input.configs) ReadConfig(uri, input, report, &root);
  for (const std::string& set : input.sets) ReadSet(set, report, &root);
  return root;
}

}  // namespace tailrace::config
