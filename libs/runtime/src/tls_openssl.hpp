#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace vajrapulse::runtime::tls {

template <auto free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    free(object);
  }
};
inline void free_bio(BIO* bio) noexcept { BIO_free_all(bio); }

using SslContext = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using Session = std::unique_ptr<SSL_SESSION, FreeWith<SSL_SESSION_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<free_bio>>;

/// Prepares OpenSSL, once, without reading openssl.cnf: start-up time counts, and what a machine's file says
/// must not change what is measured.
void init_openssl();

/// The first error of OpenSSL's queue in words ("no such file", "unsupported"); empties the queue.
std::string take_error_text();

/// What was written into a memory BIO.
std::string text_of(BIO* memory);

}  // namespace vajrapulse::runtime::tls
