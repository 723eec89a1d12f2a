// SPDX-License-Identifier: Apache-2.0
#ifndef TIEOUT_CZLIB_H
#define TIEOUT_CZLIB_H
#include <zlib.h>
// deflateInit2 and inflateInit2 are macros.
static inline int tieout_deflate_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
static inline int tieout_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
#endif
