/// What Swift cannot ask of the machine by itself: questions about its processors, a hint to them, and what became of
/// standard output.
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

/// Writes what standard output still holds. 0, or the error number of what could not be written, now or before.
int facetreel_finish_output(void);

/// Asks for the cache line at `address` in the second cache level. Never faults, whatever the address.
static inline void facetreel_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

/// The same for a line that will be written: no other core keeps it.
static inline void facetreel_prefetch_for_writing(const void *address) { __builtin_prefetch(address, 1, 2); }

#endif
