// What exporters and listeners refer to among the extensions, joined: the storage of a sending queue, the
// authenticator.
#pragma once

#include "config/catalog.h"
#include "config/model.h"
#include "config/report.h"

namespace tailrace::config {

// After the pipelines have been read. As in the Collector, an extension must be configured and listed in
// service::extensions.
void JoinExtensions(const Catalog& catalog, Report* report, Config* config);

}  // namespace tailrace::config
