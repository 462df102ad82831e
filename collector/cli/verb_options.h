// What the options of several verbs have in common, declared once.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "collector/cli/api_client.h"

namespace CLI {
class App;
}

namespace tailrace {

// Adds --url (default: what `target` has), --ca-file, --insecure, --user, --token (or TAILRACE_TOKEN) and --timeout.
// `target` must live until the arguments are parsed.
void AddApiOptions(CLI::App* app, ApiTarget* target);

// A duration with its unit, as in the configuration: 300ms, 1m30s. The default is what `out` has.
void AddDuration(CLI::App* app, const std::string& name, std::chrono::milliseconds* out, std::chrono::milliseconds min,
                 std::chrono::milliseconds max, const std::string& sentence);

// Parses; -1: go on. Otherwise the exit code: 0 after --help, 2 after words on standard error about bad usage.
int ParseArgs(CLI::App* app, const std::vector<std::string>& args);

// A sentence for standard error where the daemon is of another version than this program; empty: it is not.
std::string VersionWarning(const std::string& version);

}  // namespace tailrace
