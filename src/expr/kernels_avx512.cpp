#include "expr/kernels_body.hpp"

namespace dangbo::inline v1::expr::detail {

extern const Kernels kAvx512Kernels = made_kernels("avx512");

}  // namespace dangbo::inline v1::expr::detail
