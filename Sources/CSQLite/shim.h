// SPDX-License-Identifier: Apache-2.0
#ifndef TIEOUT_CSQLITE_H
#define TIEOUT_CSQLITE_H
#include <sqlite3.h>
// sqlite3_db_config is variadic and so invisible to Swift.
static inline int tieout_db_config_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}
#endif
