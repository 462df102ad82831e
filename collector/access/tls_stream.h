// TlsStream: TLS on one connection, without its socket: what arrived goes in, plain bytes come out; what is to be sent
// goes in, records come out. The handshake happens on the way.
//
// Ownership: single-writer, owned by its connection.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace tailrace {

class TlsStream {
 public:
  explicit TlsStream(ssl_ctx_st* context);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  enum class Outcome : unsigned char {
    kBytes,   // `*size` of them are in `out`; ask again
    kAll,     // everything received is taken in
    kClosed,  // the client said that it is done
    kFailed,  // beyond repair; an alert may be among the records
  };
  // `received` is looked at until Read() says anything but kBytes.
  void Receive(std::string_view received) { received_ = received; }
  Outcome Read(char* out, size_t bytes_max, size_t* size);

  // Appends everything that is to be sent: what the handshake has to say, then `bytes` as records. False: beyond
  // repair.
  bool Seal(std::string_view bytes, std::string* out);
  // Says that nothing follows.
  void Close();

  bool established() const { return established_; }

 private:
  friend struct TlsBio;

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  std::string_view received_;
  std::string unsent_;          // records made outside of Seal(): the handshake's, alerts
  std::string* out_ = nullptr;  // where records go; null: to unsent_
  bool established_ = false;
};

}  // namespace tailrace
