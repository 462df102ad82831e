// ListenerAccess: who may talk to one listener: its TLS, its authenticator, and what came of both. A listener where
// anybody may talk in plain text has none.
//
// Immutable; what it points at is guarded. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "collector/access/access_counters.h"
#include "collector/access/credentials.h"
#include "collector/access/server_authenticator.h"
#include "collector/access/tls_server.h"

namespace tailrace {

class ListenerAccess {
 public:
  explicit ListenerAccess(std::string name, ServerAuthenticator* authenticator = nullptr)
      : name_(std::move(name)), auth_(authenticator) {}

  const std::string& name() const { return name_; }
  AccessCounters& counters() { return counters_; }
  TlsServer* tls() const { return tls_.get(); }                 // null: plain text
  ServerAuthenticator* authenticator() const { return auth_; }  // null: anybody
  // Whether a field with this name, in any case, carries credentials.
  bool IsCredential(std::string_view field) const;

  // Judges a request and counts the verdict, but not kPending: Judged() counts what comes of it.
  AuthVerdict Judge(const Credentials& credentials);
  AuthVerdict Judged(AuthVerdict verdict);

 private:
  friend class AccessKeeper;
  const std::string name_;
  AccessCounters counters_;
  std::unique_ptr<TlsServer> tls_;  // set before anybody else sees this object
  ServerAuthenticator* auth_;       // likewise; the keeper's
};

}  // namespace tailrace
