#include "rollup/kernels_body.hpp"

namespace dangbo::inline v1::rollup::detail {

const Kernels kAvx2Kernels = {"avx2", holds, below,      add_equal, keep,
                              drop,   count, count_both, add_digit};

}  // namespace dangbo::inline v1::rollup::detail
