// SPDX-License-Identifier: Apache-2.0
#ifndef TIEOUT_CSQLITE_H
#define TIEOUT_CSQLITE_H
#include <sqlite3.h>
// sqlite3_db_config is variadic and so invisible to Swift.
static inline int tieout_db_config_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}
// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
static inline int tieout_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
static inline int tieout_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}
#endif
