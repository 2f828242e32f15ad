/// libpng itself; its errors jump (setjmp), which Swift cannot, so CPNG wraps it.
#ifndef FACETREEL_CLIBPNG_H
#define FACETREEL_CLIBPNG_H

#include <png.h>

#endif
