/* readstat_sav.c - an SPSS file cut between rows, so that several parsers read it at once.
 *
 * In:   the bytes, and the size of a row, which two sources must agree on.
 * Out:  pieces, each of which is a whole SPSS file of fewer rows to a parser.
 * Owns: nothing.
 *
 * A row is `cells` times eight bytes. In a compressed file a cell is a command of one byte, eight
 * of them in a block, and the cells that a command does not say, eight bytes each, follow the
 * block. So the rows' places can only be found by counting commands, which is done eight at a
 * time and costs a thirtieth of the parse; and a row may begin within a block: then its piece
 * begins with the block in which the commands before are no-ops. (ReadStat could skip rows itself,
 * but would make each of their cells.) */
#include <string.h>

#include "source/readstat_in.h"

/* Of a system file's header, by the format's description; the byte order is that of `layout`. */
enum { LAYOUT = 64, CELLS = 68, COMPRESSION = 72, HEADER = 176 };
enum { NO_OP = 0, END = 252, ON_ITS_OWN = 253 }; /* commands; the others are a cell each, too */
enum { BLOCK = 8 };

/* A text of more than 255 bytes lies in segments that hold 252 each, and take up 256. */
uint64_t ict_readstat_sav_cells(size_t width) {
  if (width <= 255) return ((uint64_t)width + 7) / 8;
  uint64_t segments = ((uint64_t)width + 251) / 252;
  return (segments - 1) * 32 + (width - 252 * (segments - 1) + 7) / 8;
}

static int32_t integer_at(const ict_bytes *bytes, size_t at) {
  int32_t x;
  memcpy(&x, bytes->data + at, sizeof x);
  return x;
}

/* How many of the eight bytes are `byte`. */
static unsigned count_bytes(uint64_t block, unsigned char byte) {
  const uint64_t low = 0x7F7F7F7F7F7F7F7Fu, one = 0x0101010101010101u;
  uint64_t x = block ^ byte * one;
  uint64_t other = (((x & low) + low) | x) & ~low; /* the highest bit of each that differs */
  return BLOCK - (unsigned)((other >> 7) * one >> 56);
}

/* The cells that the block's commands make; none are made from END on. */
static unsigned count_cells(uint64_t block) {
  if (count_bytes(block, END) == 0) return BLOCK - count_bytes(block, NO_OP);
  unsigned char command[BLOCK];
  unsigned n = 0;
  memcpy(command, &block, BLOCK);
  for (size_t i = 0; command[i] != END; i++) n += command[i] != NO_OP;
  return n;
}

/* The piece that begins with the cell after `skip` others of the block at `at`. */
static void begin_piece(const ict_readstat_file *file, size_t at, uint64_t skip,
                        ict_readstat_piece *piece) {
  memcpy(piece->between, file->bytes->data + at, BLOCK);
  piece->n_between = BLOCK;
  piece->head = file->rows_at;
  piece->rest = at + BLOCK;
  for (size_t i = 0; skip > 0; i++) {
    unsigned char command = (unsigned char)piece->between[i];
    if (command == NO_OP) continue;
    if (command == ON_ITS_OWN) piece->rest += BLOCK;
    piece->between[i] = NO_OP;
    skip--;
  }
}

static bool cut_compressed(const ict_readstat_file *file, ict_readstat_piece *pieces, size_t n) {
  size_t at = file->rows_at, end = file->bytes->len, p = 0;
  uint64_t cells = 0, all = (uint64_t)file->n_rows * file->cells;
  if ((end - at) % BLOCK != 0) return false;
  while (cells < all) {
    uint64_t block;
    if (end - at < BLOCK) return false;
    memcpy(&block, file->bytes->data + at, BLOCK);
    unsigned made = count_cells(block);
    size_t own = (size_t)count_bytes(block, ON_ITS_OWN) * BLOCK;
    if (end - at - BLOCK < own) return false;
    for (; p < n; p++) {
      uint64_t first = (uint64_t)pieces[p].first_row * file->cells;
      if (first >= cells + made) break;
      begin_piece(file, at, first - cells, &pieces[p]);
    }
    cells += made;
    if (cells < all && count_bytes(block, END) > 0) return false;
    at += BLOCK + own;
  }
  return true;
}

static bool cut_plain(const ict_readstat_file *file, ict_readstat_piece *pieces, size_t n) {
  uint64_t rows = (file->bytes->len - file->rows_at) / (file->cells * BLOCK);
  if (rows < (uint64_t)file->n_rows) return false;
  for (size_t p = 0; p < n; p++) {
    pieces[p].head = file->rows_at;
    pieces[p].rest = file->rows_at + (size_t)((uint64_t)pieces[p].first_row * file->cells) * BLOCK;
  }
  return true;
}

bool ict_readstat_cut_sav(const ict_readstat_file *file, int64_t piece_rows,
                          ict_readstat_piece *pieces, size_t n) {
  const ict_bytes *bytes = file->bytes;
  if (bytes->len < HEADER || file->rows_at < HEADER || file->rows_at > bytes->len) return false;
  int32_t layout = integer_at(bytes, LAYOUT), compression = integer_at(bytes, COMPRESSION);
  if (layout != 2 && layout != 3) return false; /* another machine's byte order */
  if (integer_at(bytes, CELLS) <= 0 || (uint64_t)integer_at(bytes, CELLS) != file->cells)
    return false;
  for (size_t p = 0; p < n; p++) {
    int64_t first = (int64_t)p * piece_rows, left = file->n_rows - first;
    pieces[p] =
        (ict_readstat_piece){.first_row = first, .n_rows = left < piece_rows ? left : piece_rows};
  }
  if (compression == 0) return cut_plain(file, pieces, n);
  return compression == 1 && cut_compressed(file, pieces, n);
}
