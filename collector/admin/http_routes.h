// Routes: which route a request is for, and what it asks of it. Internal to admin/. Immutable once the server runs.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "collector/admin/http_message.h"

namespace tailrace::admin {

// An answer of the server's own: JSON below /api/, else a line of text.
AdminResponse ErrorAnswer(std::string_view path, unsigned status, std::string_view sentence);

class Routes {
 public:
  void Add(AdminRoute route);

  // The route for request->path, and the values and parameters filled in. Null: *error says why not.
  const AdminRoute* Find(std::string_view method, AdminRequest* request, AdminResponse* error) const;

  // Runs the handler; an exception becomes an answer.
  static AdminResponse Answer(const AdminRoute& route, const AdminRequest& request);

  // Goes on with the work that an answer to `path` takes; an exception becomes an answer.
  static std::optional<AdminResponse> Step(AdminWork& work, std::string_view path);

 private:
  std::vector<AdminRoute> routes_;  // in the order in which they are tried
};

}  // namespace tailrace::admin
