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
// The form that digests are made of: per value one byte that says what follows; 0: null; 1 to 8: an integer of so
// many bytes, little end first, signed; 9: a text, its length as an integer, and its bytes. Each writer returns the end.
enum { TIEOUT_NUMBER_ROOM = 9, TIEOUT_TEXT_ROOM = 10 };
static inline unsigned char *tieout_put_null(unsigned char *out) {
    *out = 0;
    return out + 1;
}
static inline unsigned char *tieout_put_number(unsigned char *out, sqlite3_int64 number) {
    unsigned char *at = out + 1;
    do {
        *at++ = (unsigned char)number;
        number >>= 8;
    } while (at < out + 9 && number != (at[-1] & 0x80 ? -1 : 0));
    *out = (unsigned char)(at - out - 1);
    return at;
}
static inline unsigned char *tieout_put_text(unsigned char *out, const char *text, long length) {
    *out = 9;
    out = tieout_put_number(out + 1, length);
    memcpy(out, text, (size_t)length);
    return out + length;
}
// The current row; returns the bytes that it may need, and writes only when they fit; `end` is where it ended.
static inline long tieout_put_row(
    sqlite3_stmt *statement, int columns, unsigned char *out, long room, unsigned char **end) {
    long needed = 0;
    for (int column = 0; column < columns; column++) {
        int type = sqlite3_column_type(statement, column);
        needed += type == SQLITE_TEXT ? TIEOUT_TEXT_ROOM + sqlite3_column_bytes(statement, column) : TIEOUT_NUMBER_ROOM;
    }
    if (needed > room) return needed;
    for (int column = 0; column < columns; column++) {
        switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: out = tieout_put_number(out, sqlite3_column_int64(statement, column)); break;
        case SQLITE_TEXT: {
            const char *text = (const char *)sqlite3_column_text(statement, column);
            out = tieout_put_text(out, text, sqlite3_column_bytes(statement, column));
            break;
        }
        default: out = tieout_put_null(out);
        }
    }
    *end = out;
    return needed;
}
// Binds values in that form to the first `count` parameters. Texts stay where they are, until others are bound.
static inline void tieout_bind_values(sqlite3_stmt *statement, int count, const unsigned char *in) {
    for (int index = 1; index <= count; index++) {
        int form = *in++;
        if (form == 0) {
            sqlite3_bind_null(statement, index);
            continue;
        }
        int width = form == 9 ? *in++ : form;
        sqlite3_uint64 number = (sqlite3_uint64)(sqlite3_int64)(signed char)in[width - 1];
        for (int place = width - 2; place >= 0; place--) number = number << 8 | in[place];
        in += width;
        if (form == 9) {
            sqlite3_bind_text(statement, index, (const char *)in, (int)number, SQLITE_STATIC);
            in += number;
        } else {
            sqlite3_bind_int64(statement, index, (sqlite3_int64)number);
        }
    }
}
#endif
