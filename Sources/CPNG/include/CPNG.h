/// PNG in memory, RGB of 8 bits: libpng reports errors by setjmp, which Swift cannot cross.
#ifndef FACETREEL_CPNG_H
#define FACETREEL_CPNG_H

#include <stddef.h>
#include <stdint.h>

/// Decodes any PNG to RGB of 8 bits (alpha over black is not applied: it is dropped).
///
/// Refuses sides over `max_side`. On success returns 0 and sets `*pixels` (free with `facetreel_png_free`), `*width`
/// and `*height`; otherwise returns 1 and writes the reason to `message` (`message_size` bytes).
int facetreel_png_decode(const uint8_t *data, size_t size, uint32_t max_side, uint8_t **pixels, uint32_t *width,
                         uint32_t *height, char *message, size_t message_size);

/// Encodes RGB of 8 bits with `text_count` text chunks (keywords of 1...79 ASCII bytes; UTF-8 texts: tEXt where they are
/// ASCII, otherwise iTXt). Results as for decoding.
int facetreel_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, const char *const *keywords,
                         const char *const *texts, size_t text_count, uint8_t **data, size_t *size, char *message,
                         size_t message_size);

void facetreel_png_free(void *memory);

#endif
