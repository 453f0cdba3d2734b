/* The header alone, twice over, before anything else. */
#include "dangbo.h"

dangbo_status header_first(void);

dangbo_status header_first(void) {
  return DANGBO_OK;
}
