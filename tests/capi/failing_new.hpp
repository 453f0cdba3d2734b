/* operator new that can be told to fail. C functions, so that a C test can steer it. */
#ifndef DANGBO_TESTS_CAPI_FAILING_NEW_HPP
#define DANGBO_TESTS_CAPI_FAILING_NEW_HPP

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From now on the n-th allocation fails (1: the next); `and_all_after`: and every one behind it. */
void fail_allocation(int64_t n, int and_all_after);
/* All succeed again. 1 when one failed since fail_allocation. */
int stop_failing(void);
/* Allocated and not yet freed. */
int64_t live_allocations(void);

#ifdef __cplusplus
}
#endif

#endif
