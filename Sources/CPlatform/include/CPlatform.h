/// What Swift cannot ask of the machine by itself: questions about its processors, hints to them and to the C
/// library, and signals.
#ifndef FACETREEL_CPLATFORM_H
#define FACETREEL_CPLATFORM_H

/// The number of processors that this process may run on, at least 1: its affinity mask, which `taskset`,
/// containers and batch systems narrow, and which `ProcessInfo.activeProcessorCount` ignores.
int facetreel_affinity_cpu_count(void);

/// 1 if the processor and the operating system run what ConvNet's kernels are compiled to: x86-64-v3 (AVX2, FMA,
/// BMI2 and their like) on x86-64, anything elsewhere. 0 otherwise: calling a kernel would be an illegal instruction.
int facetreel_cpu_supports_kernels(void);

/// 1 if the processor and the operating system run AVX-512 F, BW, DQ and VL; 0 otherwise, and on anything but x86-64.
int facetreel_cpu_supports_avx512(void);

/// Has threads share one arena of memory, where each would set 64 MB of addresses aside. Costs time, saves addresses.
void facetreel_save_addresses(void);

/// From now on `facetreel_stop_signal` tells of the first of these signals, and a second one ends the process at once,
/// if it comes a quarter of a second later or more: what comes sooner is the same request. It ends it with the status `base` + its number, or with `base` itself where `is_fixed` is not 0. This holds whatever all threads
/// do: nothing but the handler has to run. A signal of which `facetreel_is_ignored` holds can be left out.
void facetreel_stop_on_signals(const int *signals, int count, int base, int is_fixed);

/// The first signal that came; 0 while none has.
int facetreel_stop_signal(void);

/// 1 if the signal is ignored now, as `nohup` and shells leave it for programs that are to outlive them.
int facetreel_is_ignored(int signal);

/// Asks for the cache line at `address` in the second cache level. Never faults, whatever the address.
static inline void facetreel_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

/// The same for a line that will be written: no other core keeps it.
static inline void facetreel_prefetch_for_writing(const void *address) { __builtin_prefetch(address, 1, 2); }

#endif
