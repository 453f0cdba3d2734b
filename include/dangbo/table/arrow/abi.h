/* The Arrow C data and stream interfaces: three structs whose layout is frozen for ever, and three
 * flags. Plain C. The guards are the canonical ones, so that this header and another library's copy
 * can meet in one file.
 *
 * Rules for every struct: `release` is null once the struct was released or moved away; whoever
 * holds the struct last calls `release` once; a struct may be moved by copying its bytes and
 * setting the old `release` to null. Strings are UTF-8 and end in a zero byte. */
#ifndef DANGBO_TABLE_ARROW_ABI_H
#define DANGBO_TABLE_ARROW_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/* The type of a column, or of a table when `format` is "+s". */
struct ArrowSchema {
  const char* format;
  const char* name;     /* may be null */
  const char* metadata; /* null, or counted key-value pairs in native byte order */
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary; /* type of the words, when the values are indexes */

  void (*release)(struct ArrowSchema*);
  void* private_data; /* the producer's */
};

/* The values of a column; without its type, which travels apart. */
struct ArrowArray {
  int64_t length;
  int64_t null_count; /* -1: not counted */
  int64_t offset;     /* rows to skip at the start of every buffer */
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;

  void (*release)(struct ArrowArray*);
  void* private_data; /* the producer's */
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/* A source of batches of one schema. For one thread at a time. */
struct ArrowArrayStream {
  /* 0, or an errno value; the caller releases the schema. May be called again. */
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  /* 0, or an errno value; at the end the array comes back with a null `release`. */
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  /* Why the last call failed, or null; good until the next call. */
  const char* (*get_last_error)(struct ArrowArrayStream*);

  void (*release)(struct ArrowArrayStream*);
  void* private_data; /* the producer's */
};

#endif /* ARROW_C_STREAM_INTERFACE */

#ifdef __cplusplus
}
#endif

#endif /* DANGBO_TABLE_ARROW_ABI_H */
