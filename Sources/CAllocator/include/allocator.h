// SPDX-License-Identifier: Apache-2.0
#ifndef TIEOUT_CALLOCATOR_H
#define TIEOUT_CALLOCATOR_H
// How jemalloc deals with the memory of `tieout`; it reads this when the process starts. Where jemalloc is not linked,
// nothing reads it.
extern const char *malloc_conf;
#endif
