#include <openssl/bio.h>

#include "tls_core.hpp"

namespace vajrapulse::runtime::tls {
namespace {

int read_core(BIO* bio, char* to, int size) {
  const int taken = static_cast<Core*>(BIO_get_data(bio))->read_inbound(to, size);
  BIO_clear_retry_flags(bio);
  if (taken > 0) return taken;
  BIO_set_retry_read(bio);
  return -1;
}

int write_core(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  return static_cast<Core*>(BIO_get_data(bio))->write_outbound(from, size);
}

long control_core(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int create_core(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

BIO_METHOD* make_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "vajrapulse stream");
  BIO_meth_set_read(method, &read_core);
  BIO_meth_set_write(method, &write_core);
  BIO_meth_set_ctrl(method, &control_core);
  BIO_meth_set_create(method, &create_core);
  return method;
}

}  // namespace

BIO* new_core_bio(Core& core) {
  static const std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> method(make_method());
  BIO* bio = BIO_new(method.get());
  BIO_set_data(bio, &core);
  return bio;
}

}  // namespace vajrapulse::runtime::tls
