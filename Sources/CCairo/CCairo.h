/// Cairo with FreeType faces.
#ifndef FACETREEL_CCAIRO_H
#define FACETREEL_CCAIRO_H

#include <cairo-ft.h>
#include <cairo.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#endif
