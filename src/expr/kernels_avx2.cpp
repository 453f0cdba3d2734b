#include "expr/kernels_body.hpp"

namespace dangbo::inline v1::expr::detail {

extern const Kernels kAvx2Kernels = made_kernels("avx2");

}  // namespace dangbo::inline v1::expr::detail
