#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Everything that a longjmp must leave intact: on the heap, because automatic variables may not survive it.
typedef struct {
    jmp_buf jump;
    char *message;
    size_t message_size;
    png_structp png;
    png_infop info;
    // The file being read, and how far.
    const uint8_t *input;
    size_t input_size;
    size_t position;
    // The picture.
    uint32_t width;
    uint32_t height;
    uint8_t *decoded;
    // With alpha, before it is laid on grey.
    uint8_t *transparent;
    int has_alpha;
    int is_transparent;
    const uint8_t *pixels;
    uint32_t channels;
    const facetreel_png_text *texts;
    size_t text_count;
    png_textp chunks;
    // The file being written.
    uint8_t *output;
    size_t output_size;
    size_t capacity;
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

static int fail(png_state *state, const char *text) {
    snprintf(state->message, state->message_size, "%s", text);
    return 1;
}

/// Does the work; a libpng error ends it.
static int run(png_state *state, void (*work)(png_state *)) {
    if (!state->png || !(state->info = png_create_info_struct(state->png))) return fail(state, "out of memory");
    if (setjmp(state->jump)) return 1;
    work(state);
    return 0;
}

static png_state *new_state(char *message, size_t message_size) {
    png_state *state = calloc(1, sizeof(png_state));
    if (!state) {
        snprintf(message, message_size, "out of memory");
        return NULL;
    }
    state->message = message;
    state->message_size = message_size;
    return state;
}

// Reading

static void read_bytes(png_structp png, png_bytep bytes, png_size_t count) {
    png_state *state = png_get_io_ptr(png);
    if (count > state->input_size - state->position) png_error(png, "the file ends too early");
    memcpy(bytes, state->input + state->position, count);
    state->position += count;
}

static int read_with(void (*work)(png_state *), png_state *state, const uint8_t *data, size_t size) {
    if (size < 8 || png_sig_cmp(data, 0, 8)) return fail(state, "it does not begin as a PNG file does");
    state->input = data;
    state->input_size = size;
    state->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, on_error, on_warning);
    int status = run(state, work);
    png_destroy_read_struct(&state->png, &state->info, NULL);
    free(state->transparent);
    return status;
}

static void read_header(png_state *state) {
    png_set_read_fn(state->png, state, read_bytes);
    // Whoever asks for the size judges it.
    png_set_user_limits(state->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_read_info(state->png, state->info);
    state->has_alpha = (png_get_color_type(state->png, state->info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                       png_get_valid(state->png, state->info, PNG_INFO_tRNS) != 0;
}

/// Lays pixels with alpha on mid grey, the colour of which an image of zeros is: (v a + 127.5 (255 - a)) / 255, rounded.
static void lay_on_grey(png_state *state) {
    size_t count = (size_t)state->width * state->height;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *from = state->transparent + 4 * i;
        uint8_t *to = state->decoded + 3 * i;
        unsigned alpha = from[3];
        if (alpha != 255) state->is_transparent = 1;
        for (int channel = 0; channel < 3; channel++)
            to[channel] = (uint8_t)((2 * from[channel] * alpha + 255 * (255 - alpha) + 255) / 510);
    }
}

static void read_pixels(png_state *state) {
    png_structp png = state->png;
    read_header(state);
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, state->info);
    size_t row_bytes = (state->has_alpha ? 4 : 3) * (size_t)state->width;
    if (png_get_image_width(png, state->info) != state->width ||
        png_get_image_height(png, state->info) != state->height || png_get_rowbytes(png, state->info) != row_bytes)
        png_error(png, "an unknown pixel format");
    uint8_t *rows = state->decoded;
    if (state->has_alpha) {
        rows = state->transparent = malloc(row_bytes * state->height);
        if (!rows) png_error(png, "out of memory");
    }
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < state->height; y++) png_read_row(png, rows + y * row_bytes, NULL);
    png_read_end(png, NULL);
    if (state->has_alpha) lay_on_grey(state);
}

int facetreel_png_size(const uint8_t *data, size_t size, uint32_t *width, uint32_t *height, int *has_alpha,
                       char *message, size_t message_size) {
    png_state *state = new_state(message, message_size);
    if (!state) return 1;
    // IHDR, always the first chunk, is the signature's 8 bytes, length, type, then width and height, all big-endian;
    // libpng checks it, and everything before the pixels.
    int status = read_with(read_header, state, data, size);
    if (status == 0) {
        *width = png_get_uint_32(data + 16);
        *height = png_get_uint_32(data + 20);
        *has_alpha = state->has_alpha;
    }
    free(state);
    return status;
}

int facetreel_png_decode(const uint8_t *data, size_t size, uint32_t width, uint32_t height, uint8_t *pixels,
                         int *is_transparent, char *message, size_t message_size) {
    png_state *state = new_state(message, message_size);
    if (!state) return 1;
    state->width = width;
    state->height = height;
    state->decoded = pixels;
    int status = read_with(read_pixels, state, data, size);
    *is_transparent = state->is_transparent;
    free(state);
    return status;
}

// Writing

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

static void write_texts(png_state *state) {
    if (state->text_count == 0) return;
    state->chunks = calloc(state->text_count, sizeof(png_text));
    if (!state->chunks) png_error(state->png, "out of memory");
    for (size_t i = 0; i < state->text_count; i++) {
        const facetreel_png_text *text = &state->texts[i];
        state->chunks[i].compression = text->is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
        state->chunks[i].key = (png_charp)text->keyword;
        state->chunks[i].text = (png_charp)text->text;
    }
    png_set_text(state->png, state->info, state->chunks, (int)state->text_count);
}

static void write_picture(png_state *state) {
    png_structp png = state->png;
    png_set_write_fn(png, state, write_bytes, flush_bytes);
    int color = state->channels == 1 ? PNG_COLOR_TYPE_GRAY : state->channels == 4 ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB;
    png_set_IHDR(png, state->info, state->width, state->height, 8, color, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, state->info, PNG_sRGB_INTENT_PERCEPTUAL);
    write_texts(state);
    png_write_info(png, state->info);
    size_t row_bytes = state->channels * (size_t)state->width;
    for (uint32_t y = 0; y < state->height; y++) png_write_row(png, (png_bytep)(state->pixels + y * row_bytes));
    png_write_end(png, NULL);
}

int facetreel_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                         const facetreel_png_text *texts, size_t text_count, uint8_t **data, size_t *size,
                         char *message, size_t message_size) {
    png_state *state = new_state(message, message_size);
    if (!state) return 1;
    state->pixels = pixels;
    state->width = width;
    state->height = height;
    state->channels = channels;
    state->texts = texts;
    state->text_count = text_count;
    state->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, state, on_error, on_warning);
    int status = run(state, write_picture);
    png_destroy_write_struct(&state->png, &state->info);
    free(state->chunks);
    if (status == 0) {
        *data = state->output;
        *size = state->output_size;
    } else {
        free(state->output);
    }
    free(state);
    return status;
}

void facetreel_png_free(void *memory) { free(memory); }
