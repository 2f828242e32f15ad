#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
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

void facetreel_save_addresses(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
#endif
}

static atomic_int first_signal;
static atomic_llong first_time;
static int status_base, status_is_fixed;

/// Nanoseconds of one request: a shell that is closed passes its SIGHUP on, and the kernel sends another.
static const long long one_request = 250000000;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void stop(int number) {
    int none = 0;
    // The time comes first: whoever sees the signal has to find it.
    long long never = 0;
    atomic_compare_exchange_strong(&first_time, &never, now());
    if (!atomic_compare_exchange_strong(&first_signal, &none, number) && now() - atomic_load(&first_time) > one_request)
        _exit(status_is_fixed ? status_base : status_base + number);
}

void facetreel_stop_on_signals(const int *signals, int count, int base, int is_fixed) {
    status_base = base;
    status_is_fixed = is_fixed;
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigset_t heard;
    sigemptyset(&heard);
    for (int i = 0; i < count; i++) {
        sigaction(signals[i], &action, NULL);
        sigaddset(&heard, signals[i]);
    }
    // Some programs start others with all signals blocked. Threads that are started later inherit the mask.
    pthread_sigmask(SIG_UNBLOCK, &heard, NULL);
}

int facetreel_stop_signal(void) { return atomic_load(&first_signal); }

int facetreel_is_ignored(int number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
