/* code_set.c - open addressing over at most 256 codes.
 *
 * In:   codes with counts, in any order.
 * Out:  a set that does not depend on the order.
 * Owns: the slots; texts belong to the arena of the caller. */
#include "source/code_set.h"

#include "base/hash.h"

static uint64_t hash_of(const ict_seen *code) {
  if (code->text.text) return ict_hash64(code->text.text, code->text.len, 1);
  if (code->tag) return ict_hash64(&code->tag, 1, 2);
  return ict_hash64(&code->number, sizeof code->number, 3);
}

static bool same(const ict_seen *a, const ict_seen *b) {
  if (!a->text.text != !b->text.text || a->tag != b->tag) return false;
  if (a->text.text) return ict_slice_same(a->text, b->text);
  return a->tag || a->number == b->number;
}

/* The slot of the code, or the free one where it belongs. */
static ict_seen *slot_for(ict_seen *slots, size_t capacity, const ict_seen *code) {
  size_t i = hash_of(code) & (capacity - 1);
  while (slots[i].n != 0 && !same(&slots[i], code)) i = (i + 1) & (capacity - 1);
  return &slots[i];
}

static bool grow(ict_code_set *set) {
  size_t capacity = set->capacity ? set->capacity * 2 : 8;
  ict_seen *slots = ict_alloc(capacity, sizeof *slots);
  if (!slots) return false;
  for (size_t i = 0; i < set->capacity; i++) {
    if (set->slots[i].n != 0) *slot_for(slots, capacity, &set->slots[i]) = set->slots[i];
  }
  ict_free(set->slots);
  set->slots = slots;
  set->capacity = capacity;
  return true;
}

bool ict_code_set_add(ict_code_set *set, ict_arena *arena, const ict_seen *code) {
  if (set->overflow) return true;
  ict_seen wanted = *code;
  if (wanted.number == 0) wanted.number = 0; /* minus zero is zero */
  if (set->n_codes * 2 >= set->capacity && !grow(set)) return false;
  ict_seen *slot = slot_for(set->slots, set->capacity, &wanted);
  if (slot->n != 0) {
    slot->n += wanted.n;
    return true;
  }
  if (set->n_codes == ICT_CODES_MOST) {
    ict_code_set_done(set);
    set->overflow = true;
    return true;
  }
  if (wanted.text.text) {
    wanted.text.text = ict_arena_strndup(arena, wanted.text.text, wanted.text.len);
    if (!wanted.text.text) return false;
  }
  *slot = wanted;
  set->n_codes++;
  return true;
}

void ict_code_set_done(ict_code_set *set) {
  ict_free(set->slots);
  *set = (ict_code_set){0};
}

int ict_code_order(const void *a, const void *b) {
  const ict_seen *x = a, *y = b;
  int x_kind = x->text.text ? 2 : x->tag != 0, y_kind = y->text.text ? 2 : y->tag != 0;
  if (x_kind != y_kind) return x_kind - y_kind;
  if (x_kind == 2) return ict_text_natcmp(x->text, y->text);
  if (x_kind == 1) return x->tag - y->tag;
  return (x->number > y->number) - (x->number < y->number);
}
