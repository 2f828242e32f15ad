#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int facetreel_affinity_cpu_count(void) {
#ifdef __linux__
    // The mask must have room for every processor that the kernel can count, which it tells only by refusing.
    for (int capacity = CPU_SETSIZE; capacity <= 1 << 20; capacity *= 2) {
        cpu_set_t *set = CPU_ALLOC(capacity);
        if (set == NULL) break;
        size_t size = CPU_ALLOC_SIZE(capacity);
        int failed = sched_getaffinity(0, size, set);
        int reason = errno;
        int count = failed ? 0 : CPU_COUNT_S(size, set);
        CPU_FREE(set);
        if (count > 0) return count;
        if (reason != EINVAL) break;
    }
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

int facetreel_cpu_supports_kernels(void) {
#ifdef __x86_64__
    __builtin_cpu_init();
    return __builtin_cpu_supports("x86-64-v3") != 0;
#else
    return 1;
#endif
}

int facetreel_cpu_supports_avx512(void) {
#ifdef __x86_64__
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

int facetreel_finish_output(void) {
    int reason = fflush(stdout) != 0 ? errno : 0;
    return reason == 0 && ferror(stdout) ? EIO : reason;
}
