/// FFmpeg's libraries, and what their macros hide from Swift.
#ifndef FACETREEL_CFFMPEG_H
#define FACETREEL_CFFMPEG_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libswscale/swscale.h>

static inline int facetreel_averror(int code) { return AVERROR(code); }
static inline int facetreel_averror_eof(void) { return AVERROR_EOF; }

#endif
