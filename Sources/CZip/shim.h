// SPDX-License-Identifier: Apache-2.0
// libzip: the members of a workbook, one at a time, from a file on disk.
#ifndef TIEOUT_CZIP_H
#define TIEOUT_CZIP_H
#include <zip.h>
#endif
