/* hash.c - SHA-256 for files, a fast hash for tables in memory.
 *
 * The one door to nettle. */
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define READ_BYTES ((size_t)64 << 10)

struct ict_sha256 {
  struct sha256_ctx ctx;
};

static void finish(struct sha256_ctx *ctx, char hex[65]) {
  static const char digits[] = "0123456789abcdef";
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(ctx, sizeof digest, digest);
  for (size_t i = 0; i < sizeof digest; i++) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  hex[64] = '\0';
}

ict_sha256 *ict_sha256_new(void) {
  ict_sha256 *h = ict_alloc(1, sizeof *h);
  if (h) sha256_init(&h->ctx);
  return h;
}

void ict_sha256_add(ict_sha256 *h, const void *bytes, size_t len) {
  if (len) sha256_update(&h->ctx, len, bytes);
}

void ict_sha256_done(ict_sha256 *h, char hex[65]) {
  finish(&h->ctx, hex);
  ict_free(h);
}

void ict_sha256_of(const void *bytes, size_t len, char hex[65]) {
  struct sha256_ctx ctx;
  sha256_init(&ctx);
  if (len) sha256_update(&ctx, len, bytes);
  finish(&ctx, hex);
}

ict_status ict_sha256_file(const char *path, char hex[65], ict_err *err) {
  ict_status st = ICT_OK;
  struct sha256_ctx ctx;
  uint8_t *buf = NULL;
  hex[0] = '\0';
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ict_err_open(err, path);
  buf = ict_alloc(READ_BYTES, 1);
  if (!buf) {
    st = ict_err_memory(err);
    goto done;
  }
  sha256_init(&ctx);
  for (;;) {
    ssize_t n = read(fd, buf, READ_BYTES);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      st = ict_err_system(err, path, "cannot read");
      goto done;
    }
    if (n == 0) break;
    sha256_update(&ctx, (size_t)n, buf);
  }
  finish(&ctx, hex);
done:
  ict_free(buf);
  close(fd);
  return st;
}

/* Multiply to 128 bits and fold: every bit of the input reaches every bit of the output. */
static uint64_t mix(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 wide;
  wide product = (wide)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t ict_hash64(const void *bytes, size_t len, uint64_t seed) {
  /* Odd constants without structure: the fractional parts of sqrt(2), sqrt(3), sqrt(5). */
  const uint64_t k1 = 0x6A09E667F3BCC909u, k2 = 0xBB67AE8584CAA73Bu, k3 = 0x3C6EF372FE94F82Bu;
  const unsigned char *p = bytes;
  uint64_t h = seed ^ mix(len ^ k1, k2);
  while (len > 0) {
    uint64_t word = 0;
    size_t n = len < 8 ? len : 8;
    memcpy(&word, p, n);
    h = mix(h ^ word ^ k2, k3);
    p += n;
    len -= n;
  }
  return mix(h ^ k1, k3);
}
