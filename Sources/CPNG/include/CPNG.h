/// PNG in memory, 8 bits a channel: libpng reports errors by longjmp, which Swift cannot cross.
///
/// Every function returns 0, or 1 with the reason in `message` (`message_size` bytes, terminated).
#ifndef FACETREEL_CPNG_H
#define FACETREEL_CPNG_H

#include <stddef.h>
#include <stdint.h>

/// Reads a PNG's size, up to 2^31 - 1 a side, and takes no memory for its pixels. `*has_alpha` becomes 1 if pixels may be
/// transparent, else 0.
int facetreel_png_size(const uint8_t *data, size_t size, uint32_t *width, uint32_t *height, int *has_alpha,
                       char *message, size_t message_size);

/// Decodes any PNG of `width` x `height` into `pixels`, `width * height * 3` bytes: grey and palette become RGB, 16
/// bits become 8, and what is transparent is laid on mid grey. `*is_transparent` becomes 1 if any pixel is, else 0.
int facetreel_png_decode(const uint8_t *data, size_t size, uint32_t width, uint32_t height, uint8_t *pixels,
                         int *is_transparent, char *message, size_t message_size);

/// A text chunk: keyword of 1...79 ASCII characters; the text is ASCII (tEXt) or, where `is_utf8` is set, UTF-8 (iTXt).
typedef struct {
    const char *keyword;
    const char *text;
    int is_utf8;
} facetreel_png_text;

/// Encodes 8 bits a channel: 1 of grey, 3 of RGB or 4 of RGB and alpha. `*data` is freed with `facetreel_png_free`.
int facetreel_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                         const facetreel_png_text *texts, size_t text_count, uint8_t **data, size_t *size,
                         char *message, size_t message_size);

void facetreel_png_free(void *memory);

#endif
