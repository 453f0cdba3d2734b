/* Compiles only when the Arrow header is plain C99 and the frozen layout is as every other producer
 * has it. */
#include "dangbo/table/arrow/abi.h"
#include "dangbo/table/arrow/abi.h" /* twice on purpose */

#include <stddef.h>

#ifndef ARROW_C_DATA_INTERFACE
#error "the canonical guard is missing"
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#error "the canonical guard is missing"
#endif

#define MUST(name, condition) typedef char must_##name[(condition) ? 1 : -1]

/* Nine, ten and five members of eight bytes where pointers have eight. */
MUST(schema_size, sizeof(void*) != 8 || sizeof(struct ArrowSchema) == 72);
MUST(array_size, sizeof(void*) != 8 || sizeof(struct ArrowArray) == 80);
MUST(stream_size, sizeof(void*) != 8 || sizeof(struct ArrowArrayStream) == 40);
MUST(schema_flags, sizeof(void*) != 8 || offsetof(struct ArrowSchema, flags) == 24);
MUST(schema_release, sizeof(void*) != 8 || offsetof(struct ArrowSchema, release) == 56);
MUST(array_buffers, sizeof(void*) != 8 || offsetof(struct ArrowArray, buffers) == 40);
MUST(array_release, sizeof(void*) != 8 || offsetof(struct ArrowArray, release) == 64);
MUST(stream_release, sizeof(void*) != 8 || offsetof(struct ArrowArrayStream, release) == 24);
MUST(flags, ARROW_FLAG_DICTIONARY_ORDERED == 1 && ARROW_FLAG_NULLABLE == 2 &&
                ARROW_FLAG_MAP_KEYS_SORTED == 4);
