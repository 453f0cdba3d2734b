#include "expr/kernels_body.hpp"

namespace dangbo::inline v1::expr::detail {

extern const Kernels kPlainKernels = made_kernels("plain");

const KernelChoice& kernel_choice() noexcept {
#if defined(__x86_64__)
  static const KernelChoice choice = [] {
    KernelChoice made{{&kPlainKernels, nullptr, nullptr}, 1};
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2") ||
        !__builtin_cpu_supports("popcnt")) {
      return made;
    }
    made.list[made.count++] = &kAvx2Kernels;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
      made.list[made.count++] = &kAvx512Kernels;
    }
    return made;
  }();
#else
  static const KernelChoice choice{{&kPlainKernels, nullptr, nullptr}, 1};
#endif
  return choice;
}

}  // namespace dangbo::inline v1::expr::detail
