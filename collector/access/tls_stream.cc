#include "collector/access/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <new>

namespace tailrace {

// What OpenSSL reads from and writes to: the stream's view of what was received, and its strings of records.
struct TlsBio {
  static TlsStream& Of(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

  static int Read(BIO* bio, char* out, int size) {
    BIO_clear_retry_flags(bio);
    std::string_view& received = Of(bio).received_;
    if (received.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const size_t bytes = std::min(received.size(), static_cast<size_t>(size));
    std::memcpy(out, received.data(), bytes);
    received.remove_prefix(bytes);
    return static_cast<int>(bytes);
  }
  static int Write(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    TlsStream& stream = Of(bio);
    (stream.out_ != nullptr ? *stream.out_ : stream.unsent_).append(bytes, static_cast<size_t>(size));
    return size;
  }
  static long Control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {  // NOLINT: OpenSSL's types
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }
  static int Create(BIO* bio) {
    BIO_set_init(bio, 1);
    return 1;
  }

  static BIO_METHOD* MakeMethod() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tailrace");
    if (method == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(method, Read);
    BIO_meth_set_write(method, Write);
    BIO_meth_set_ctrl(method, Control);
    BIO_meth_set_create(method, Create);
    return method;
  }
};

TlsStream::TlsStream(ssl_ctx_st* context) : ssl_(SSL_new(context), SSL_free) {
  static BIO_METHOD* const method = TlsBio::MakeMethod();  // never freed: as long as there are connections
  BIO* bio = ssl_ == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, this);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

TlsStream::~TlsStream() = default;

TlsStream::Outcome TlsStream::Read(char* out, size_t bytes_max, size_t* size) {
  ERR_clear_error();
  const int read = SSL_read(ssl_.get(), out, static_cast<int>(std::min<size_t>(bytes_max, INT_MAX)));
  established_ = established_ || SSL_is_init_finished(ssl_.get()) == 1;
  if (read > 0) {
    *size = static_cast<size_t>(read);
    return Outcome::kBytes;
  }
  switch (SSL_get_error(ssl_.get(), read)) {
    case SSL_ERROR_WANT_READ:
      return Outcome::kAll;
    case SSL_ERROR_ZERO_RETURN:
      return Outcome::kClosed;
    default:
      ERR_clear_error();
      return Outcome::kFailed;
  }
}

bool TlsStream::Seal(std::string_view bytes, std::string* out) {
  ERR_clear_error();
  if (!unsent_.empty()) {
    out->append(unsent_);
    std::string().swap(unsent_);
  }
  out_ = out;
  while (!bytes.empty()) {
    const int written = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min<size_t>(bytes.size(), INT_MAX)));
    if (written <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  out_ = nullptr;
  ERR_clear_error();
  return bytes.empty();
}

void TlsStream::Close() {
  ERR_clear_error();
  if (established_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace tailrace
