/* layout.h - the names and limits that writer, reader and verifier share. docs/store.md
 * tells what each means. */
#ifndef ICT_STORE_LAYOUT_H
#define ICT_STORE_LAYOUT_H

#define ICT_STORE_FORMAT  "ictstat-store"
#define ICT_STORE_VERSION 3 /* the highest we write; we read 1 .. this */

#define ICT_STORE_PROVENANCE "provenance"
#define ICT_STORE_COLUMNS    "columns"
#define ICT_STORE_DESIGN     "design"
#define ICT_STORE_SHA256     "sha256"
#define ICT_STORE_CONTENT    "content_sha256"

/* An HDF5 datatype must fit an object header message of 64 KiB. A code list whose enum
 * would come near is stored as plain integers; its codes and labels are attributes in any
 * case, and those may be of any size. */
#define ICT_STORE_ENUM_BYTES 60000

#endif
