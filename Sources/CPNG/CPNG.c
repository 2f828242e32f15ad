#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What the callbacks share. Everything that must survive a longjmp lives here, not in registers.
typedef struct {
    jmp_buf jump;
    char *message;
    size_t message_size;
    const uint8_t *input;
    size_t input_size;
    size_t position;
    uint8_t *output;
    size_t output_size;
    size_t capacity;
    png_bytep *rows;
    uint8_t *pixels;
    png_textp texts;
} png_state;

static void on_error(png_structp png, png_const_charp text) {
    png_state *state = png_get_error_ptr(png);
    snprintf(state->message, state->message_size, "%s", text);
    longjmp(state->jump, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep bytes, png_size_t count) {
    png_state *state = png_get_io_ptr(png);
    if (count > state->input_size - state->position) png_error(png, "the file ends too early");
    memcpy(bytes, state->input + state->position, count);
    state->position += count;
}

static void write_bytes(png_structp png, png_bytep bytes, png_size_t count) {
    png_state *state = png_get_io_ptr(png);
    if (count > state->capacity - state->output_size) {
        size_t capacity = 2 * state->capacity + count + 4096;
        uint8_t *grown = realloc(state->output, capacity);
        if (!grown) png_error(png, "out of memory");
        state->output = grown;
        state->capacity = capacity;
    }
    memcpy(state->output + state->output_size, bytes, count);
    state->output_size += count;
}

static void flush_bytes(png_structp png) { (void)png; }

int facetreel_png_decode(const uint8_t *data, size_t size, uint32_t max_side, uint8_t **pixels, uint32_t *width,
                         uint32_t *height, char *message, size_t message_size) {
    png_state state = {.message = message, .message_size = message_size, .input = data, .input_size = size};
    if (size < 8 || png_sig_cmp(data, 0, 8)) {
        snprintf(message, message_size, "not a PNG file");
        return 1;
    }
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        snprintf(message, message_size, "out of memory");
        return 1;
    }
    if (setjmp(state.jump)) {
        png_destroy_read_struct(&png, &info, NULL);
        free(state.rows);
        free(state.pixels);
        return 1;
    }
    png_set_read_fn(png, &state, read_bytes);
    png_set_user_limits(png, max_side, max_side);
    png_read_info(png, info);
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    *width = png_get_image_width(png, info);
    *height = png_get_image_height(png, info);
    size_t row_bytes = 3 * (size_t)*width;
    if (png_get_rowbytes(png, info) != row_bytes) png_error(png, "an unknown pixel format");
    state.pixels = malloc(row_bytes * *height);
    state.rows = malloc(sizeof(png_bytep) * *height);
    if (!state.pixels || !state.rows) png_error(png, "out of memory");
    for (uint32_t y = 0; y < *height; y++) state.rows[y] = state.pixels + y * row_bytes;
    png_read_image(png, state.rows);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    free(state.rows);
    *pixels = state.pixels;
    return 0;
}

int facetreel_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, const char *const *keywords,
                         const char *const *texts, size_t text_count, uint8_t **data, size_t *size, char *message,
                         size_t message_size) {
    png_state state = {.message = message, .message_size = message_size};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        snprintf(message, message_size, "out of memory");
        return 1;
    }
    if (setjmp(state.jump)) {
        png_destroy_write_struct(&png, &info);
        free(state.output);
        free(state.texts);
        return 1;
    }
    png_set_write_fn(png, &state, write_bytes, flush_bytes);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (text_count > 0) {
        state.texts = calloc(text_count, sizeof(png_text));
        if (!state.texts) png_error(png, "out of memory");
        for (size_t i = 0; i < text_count; i++) {
            // tEXt is Latin-1: only ASCII is the same there and in UTF-8.
            int is_ascii = 1;
            for (const char *c = texts[i]; *c; c++) is_ascii &= (unsigned char)*c < 128;
            state.texts[i].compression = is_ascii ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
            state.texts[i].key = (png_charp)keywords[i];
            state.texts[i].text = (png_charp)texts[i];
        }
        png_set_text(png, info, state.texts, (int)text_count);
    }
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++) png_write_row(png, (png_bytep)(pixels + 3 * (size_t)width * y));
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    free(state.texts);
    *data = state.output;
    *size = state.output_size;
    return 0;
}

void facetreel_png_free(void *memory) { free(memory); }
