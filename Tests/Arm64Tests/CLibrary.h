/// What Disk, ConvNet and its tests use of the C library.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Swift calls no function of a variable number of arguments.
static inline int facetreel_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

/// As macros they would be of another type than `st_mode`.
#undef S_IFMT
#undef S_IFDIR
#undef S_IFREG
static const mode_t S_IFMT = 0170000;
static const mode_t S_IFDIR = 0040000;
static const mode_t S_IFREG = 0100000;
