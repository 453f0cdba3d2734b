/* The header in a second body of the same program: it may define nothing. */
#include "dangbo.h"

int32_t header_second(const dangbo_error* error, struct ArrowArrayStream* stream);

int32_t header_second(const dangbo_error* error, struct ArrowArrayStream* stream) {
  return error == NULL && stream == NULL ? DANGBO_E_ARGUMENT : DANGBO_OK;
}
