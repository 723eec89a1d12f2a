// SPDX-License-Identifier: Apache-2.0
#ifndef TIEOUT_CSQLITE_H
#define TIEOUT_CSQLITE_H
#include <sqlite3.h>
#include <string.h>
// sqlite3_db_config is variadic and so invisible to Swift.
static inline int tieout_db_config_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}
// Counting SQLite's memory costs a lock per allocation, and nobody here asks for the figure. Variadic; it has an effect
// before the first connection only.
static inline void tieout_no_memory_statistics(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
static inline int tieout_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
static inline int tieout_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}
// The current row in the form that digests are made of: per column a type byte, then eight bytes of integer, or eight
// bytes of length and the text (little end first). Returns the bytes needed; writes only when they fit.
static inline long tieout_canonical_row(sqlite3_stmt *statement, int columns, unsigned char *out, long room) {
    long used = 0;
    for (int column = 0; column < columns; column++) {
        const unsigned char *text = 0;
        sqlite3_int64 number = 0;
        long length = 0;
        int type = sqlite3_column_type(statement, column);
        if (type == SQLITE_INTEGER) {
            number = sqlite3_column_int64(statement, column);
        } else if (type == SQLITE_TEXT) {
            text = sqlite3_column_text(statement, column);
            length = sqlite3_column_bytes(statement, column);
            number = length;
        }
        long need = type == SQLITE_INTEGER ? 9 : type == SQLITE_TEXT ? 9 + length : 1;
        if (used + need <= room) {
            out[used] = type == SQLITE_INTEGER ? 1 : type == SQLITE_TEXT ? 2 : 0;
            if (need > 1) {
                for (int byte = 0; byte < 8; byte++) out[used + 1 + byte] = (unsigned char)((sqlite3_uint64)number >> (8 * byte));
                if (length > 0) memcpy(out + used + 9, text, (size_t)length);
            }
        }
        used += need;
    }
    return used;
}
#endif
