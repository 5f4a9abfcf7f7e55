/* order.h - the order of keys that are small numbers. */
#ifndef ICT_BASE_ORDER_H
#define ICT_BASE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* keys: n of `width` numbers each, the first column foremost. order[i] becomes the place of the
 * key that comes i-th; equal keys keep their order. n is below 2^32. False: memory is short. */
bool ict_order_keys(const uint32_t *keys, size_t n, size_t width, uint32_t *order);

#endif
