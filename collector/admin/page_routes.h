// The routes of the page's server: its files and its API. This is the list of what it serves; openapi.json describes
// what is below /api/.
#pragma once

#include <span>
#include <vector>

#include "collector/admin/api_answers.h"
#include "collector/admin/browser_rules.h"
#include "collector/admin/http_message.h"
#include "collector/admin/page_files.h"

namespace tailrace {

// All of it outlives the server.
struct PageSources {
  const config::Config& config;
  Moments& moments;
  const HealthState& health;
  Identity identity;
};

std::vector<AdminRoute> PageRoutes(const PageSources& sources);

// What a browser is told beside each answer, and the names that `config` adds.
BrowserRules PageBrowserRules(const config::PageConfig& config);

// One for each file; "/" is index.html. `files` outlives the routes.
std::vector<AdminRoute> FileRoutes(std::span<const PageFile> files);

}  // namespace tailrace
