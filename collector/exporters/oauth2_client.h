// `oauth2client`: tokens by OAuth 2's client credentials grant, fetched on a thread of its own and renewed before they
// end.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "collector/exporters/authenticator.h"
#include "config/model.h"

namespace tailrace {

// The thread begins at once. A token URL that does not answer is no error: it is tried again, with growing pauses.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeOAuth2Client(const config::OAuth2Config& config);

}  // namespace tailrace
