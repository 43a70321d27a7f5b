#ifndef MIPING_COPENSSL_SHIM_H
#define MIPING_COPENSSL_SHIM_H

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* OPENSSL_free is a macro that adds the file and line of the caller. */
static inline void miping_free(void *memory) { OPENSSL_free(memory); }

/* The flags of RFC 4514 are an expression of macros; non-ASCII text stays UTF-8, as that RFC has it. */
static inline unsigned long miping_rfc4514_flags(void) {
  return XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
}

/* The text of an error code, NULL for none; here so that every module drains the queue in the same way. */
static inline const char *miping_error_reason(unsigned long code) {
  return ERR_reason_error_string(code);
}

/* Swift hands a macro's text over as a copy that dies with the call, but an OSSL_PARAM keeps the address. */
static inline int miping_start_hmac_sm3(EVP_MAC_CTX *context, const unsigned char *key, size_t length) {
  char digest[] = "SM3";
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()
  };
  return EVP_MAC_init(context, key, length, parameters);
}

/* Stacks are typed by macros; Swift sees each typed stack as another opaque pointer. */
static inline int miping_stack_count(const void *stack) {
  return OPENSSL_sk_num((const OPENSSL_STACK *)stack);
}

/* As above: the untyped element, or NULL outside the bounds. */
static inline void *miping_stack_element(const void *stack, int index) {
  return OPENSSL_sk_value((const OPENSSL_STACK *)stack, index);
}

/* Freeing a typed stack with its elements is a macro. */
static inline void miping_free_safes(STACK_OF(PKCS7) *safes) {
  sk_PKCS7_pop_free(safes, PKCS7_free);
}

/* As above. */
static inline void miping_free_bags(STACK_OF(PKCS12_SAFEBAG) *bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

/* -- DemoBank: options of libssl that are expressions of macros ---------------------------------------- */

/* The server's order of suites decides, no renegotiation on a client's wish, no compression. */
static inline uint64_t miping_demo_server_options(void) {
  return SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
}

#endif
