/* Hashes. */
#include <string.h>

#include "base/hash.h"
#include "suite.h"

/* FIPS 180-4, two-block example. */
static void sha256_in_pieces(void) {
  const char *text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  const char *expected = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
  char hex[65];
  ict_sha256_of(text, strlen(text), hex);
  CU_ASSERT_STRING_EQUAL(hex, expected);
  for (size_t cut = 0; cut <= strlen(text); cut++) {
    ict_sha256 *h = ict_sha256_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(h);
    ict_sha256_add(h, text, cut);
    ict_sha256_add(h, text + cut, strlen(text) - cut);
    ict_sha256_done(h, hex);
    CU_ASSERT_STRING_EQUAL(hex, expected);
  }
}

/* Zeros of every length, single bits, and small numbers must all go to different places,
 * also in the low bits that a table uses. */
static void hash64_spreads(void) {
  enum { N = 4096 };
  char zeros[64] = {0};
  int used[1 << 12] = {0}, fullest = 0;
  for (uint32_t i = 0; i < N; i++) {
    uint64_t h = ict_hash64(&i, sizeof i, 0);
    int n = ++used[h & (N - 1)];
    if (n > fullest) fullest = n;
  }
  CU_ASSERT_TRUE(fullest <= 9); /* throwing N balls into N bins at random: about 7 */
  for (size_t a = 0; a < sizeof zeros; a++) {
    for (size_t b = 0; b < a; b++) {
      CU_ASSERT_NOT_EQUAL(ict_hash64(zeros, a, 0), ict_hash64(zeros, b, 0));
    }
  }
  /* One bit changed changes about half of the bits. */
  int changed = 0;
  for (int bit = 0; bit < 64; bit++) {
    uint64_t x = UINT64_C(0x0123456789ABCDEF), y = x ^ UINT64_C(1) << bit;
    changed += __builtin_popcountll(ict_hash64(&x, 8, 0) ^ ict_hash64(&y, 8, 0));
  }
  CU_ASSERT_TRUE(changed > 64 * 28 && changed < 64 * 36);
  CU_ASSERT_NOT_EQUAL(ict_hash64("a", 1, 0), ict_hash64("a", 1, 1));
}

SUITE("base.hash", TEST(sha256_in_pieces), TEST(hash64_spreads))
