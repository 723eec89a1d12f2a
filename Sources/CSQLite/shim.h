// SPDX-License-Identifier: Apache-2.0
#ifndef TIEOUT_CSQLITE_H
#define TIEOUT_CSQLITE_H
#include <malloc.h>
#include <sqlite3.h>
#include <string.h>
// sqlite3_db_config is variadic and so invisible to Swift.
static inline int tieout_db_config_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}
static inline int tieout_db_config_lookaside(sqlite3 *db, int size, int count) {
    return sqlite3_db_config(db, SQLITE_DBCONFIG_LOOKASIDE, (void *)0, size, count);
}
// Counting SQLite's memory costs a lock per allocation, and nobody here asks for the figure. Variadic; it has an effect
// before the first connection only.
static inline void tieout_no_memory_statistics(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
// What takes as many bytes or more goes back to the system as soon as it is let go of. The C library raises its limit by itself,
// up to 32 MB, and keeps what is below it.
static inline void tieout_give_back_memory_from(int bytes) {
    mallopt(M_MMAP_THRESHOLD, bytes);
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
enum { TIEOUT_NUMBER_ROOM = 9, TIEOUT_TEXT_ROOM = 10, TIEOUT_LINE_ROOM = 40 };
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
// A position as its text: `line 117`.
static inline unsigned char *tieout_put_line(unsigned char *out, sqlite3_int64 line) {
    char text[TIEOUT_LINE_ROOM - TIEOUT_TEXT_ROOM];
    char *end = text + sizeof text, *at = end;
    do {
        *--at = (char)('0' + line % 10);
        line /= 10;
    } while (line > 0);
    at -= 5;
    memcpy(at, "line ", 5);
    return tieout_put_text(out, at, end - at);
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
// Reads a value in that form: which one it is, and the integer or the length; `in` goes behind it, for a text to its
// first byte.
static inline int tieout_take(const unsigned char **in, sqlite3_int64 *number) {
    const unsigned char *at = *in;
    int form = *at++;
    int width = form == 9 ? *at++ : form;
    if (width > 0) {
        sqlite3_uint64 value = (sqlite3_uint64)(sqlite3_int64)(signed char)at[width - 1];
        for (int place = width - 2; place >= 0; place--) value = value << 8 | at[place];
        *number = (sqlite3_int64)value;
    }
    *in = at + width;
    return form;
}
// The table-valued function `tieout_rows(?)`: those of many rows in that form that are for one statement, so that
// `INSERT … SELECT c0, c1, … FROM tieout_rows(?)` writes them at once, in half the time that a statement for each
// takes; what is joined with them is looked up or updated at once.
// Its argument is a `struct tieout_rows`, bound as a pointer; texts stay where they are while the statement runs.
// A row begins with its statement and with where it ends, as two integers of four bytes.
enum { TIEOUT_ROW_HEAD = 8, TIEOUT_ROW_COLUMNS = 80 };
struct tieout_rows {
    const unsigned char *bytes;
    long used;
    int statement;
};
struct tieout_cursor {
    sqlite3_vtab_cursor base;
    struct tieout_rows rows;
    // The row's first value; null behind the last row.
    const unsigned char *row;
    // Where it ends, and so where the next one begins.
    const unsigned char *end;
    // The column that is read next, and its value.
    const unsigned char *value;
    int column;
};
static inline int tieout_rows_connect(
    sqlite3 *db, void *context, int count, const char *const *arguments, sqlite3_vtab **table, char **error) {
    (void)context, (void)count, (void)arguments, (void)error;
    sqlite3_str *sql = sqlite3_str_new(db);
    sqlite3_str_appendall(sql, "CREATE TABLE tieout_rows(");
    for (int column = 0; column < TIEOUT_ROW_COLUMNS; column++) sqlite3_str_appendf(sql, "c%d, ", column);
    sqlite3_str_appendall(sql, "rows HIDDEN)");
    char *text = sqlite3_str_finish(sql);
    *table = sqlite3_malloc(sizeof(sqlite3_vtab));
    if (!text || !*table) {
        sqlite3_free(text);
        sqlite3_free(*table);
        return SQLITE_NOMEM;
    }
    memset(*table, 0, sizeof(sqlite3_vtab));
    int code = sqlite3_declare_vtab(db, text);
    sqlite3_free(text);
    return code;
}
static inline int tieout_rows_disconnect(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}
static inline int tieout_rows_plan(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    for (int index = 0; index < info->nConstraint; index++) {
        if (info->aConstraint[index].iColumn != TIEOUT_ROW_COLUMNS || !info->aConstraint[index].usable) continue;
        info->aConstraintUsage[index].argvIndex = 1;
        info->aConstraintUsage[index].omit = 1;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}
static inline int tieout_rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **opened) {
    (void)table;
    *opened = sqlite3_malloc(sizeof(struct tieout_cursor));
    if (!*opened) return SQLITE_NOMEM;
    memset(*opened, 0, sizeof(struct tieout_cursor));
    return SQLITE_OK;
}
static inline int tieout_rows_close(sqlite3_vtab_cursor *opened) {
    sqlite3_free(opened);
    return SQLITE_OK;
}
static inline int tieout_rows_next(sqlite3_vtab_cursor *opened) {
    struct tieout_cursor *cursor = (struct tieout_cursor *)opened;
    const unsigned char *last = cursor->rows.bytes + cursor->rows.used;
    cursor->row = 0;
    while (cursor->end < last) {
        const unsigned char *begun = cursor->end;
        unsigned head[2];
        memcpy(head, begun, TIEOUT_ROW_HEAD);
        cursor->end = cursor->rows.bytes + head[1];
        if ((int)head[0] != cursor->rows.statement) continue;
        cursor->row = cursor->value = begun + TIEOUT_ROW_HEAD;
        cursor->column = 0;
        break;
    }
    return SQLITE_OK;
}
static inline int tieout_rows_filter(
    sqlite3_vtab_cursor *opened, int plan, const char *name, int count, sqlite3_value **arguments) {
    (void)plan, (void)name;
    struct tieout_cursor *cursor = (struct tieout_cursor *)opened;
    const struct tieout_rows *rows = count == 1 ? sqlite3_value_pointer(arguments[0], "tieout_rows") : 0;
    if (!rows) return SQLITE_MISUSE;
    cursor->rows = *rows;
    cursor->end = rows->bytes;
    return tieout_rows_next(opened);
}
static inline int tieout_rows_ended(sqlite3_vtab_cursor *opened) { return !((struct tieout_cursor *)opened)->row; }
static inline int tieout_rows_column(sqlite3_vtab_cursor *opened, sqlite3_context *result, int column) {
    struct tieout_cursor *cursor = (struct tieout_cursor *)opened;
    if (column < cursor->column) {
        cursor->value = cursor->row;
        cursor->column = 0;
    }
    for (; cursor->value < cursor->end; cursor->column++) {
        sqlite3_int64 number = 0;
        int form = tieout_take(&cursor->value, &number);
        if (cursor->column == column) {
            if (form == 9) {
                sqlite3_result_text(result, (const char *)cursor->value, (int)number, SQLITE_STATIC);
            } else if (form > 0) {
                sqlite3_result_int64(result, number);
            }
        }
        if (form == 9) cursor->value += number;
        if (cursor->column == column) {
            cursor->column++;
            break;
        }
    }
    return SQLITE_OK;
}
static inline int tieout_rows_number(sqlite3_vtab_cursor *opened, sqlite3_int64 *number) {
    struct tieout_cursor *cursor = (struct tieout_cursor *)opened;
    *number = cursor->row - cursor->rows.bytes;
    return SQLITE_OK;
}
// Makes the function known to a connection.
static inline int tieout_serve_rows(sqlite3 *db) {
    static const sqlite3_module module = {
        .xConnect = tieout_rows_connect,
        .xBestIndex = tieout_rows_plan,
        .xDisconnect = tieout_rows_disconnect,
        .xOpen = tieout_rows_open,
        .xClose = tieout_rows_close,
        .xFilter = tieout_rows_filter,
        .xNext = tieout_rows_next,
        .xEof = tieout_rows_ended,
        .xColumn = tieout_rows_column,
        .xRowid = tieout_rows_number,
    };
    return sqlite3_create_module_v2(db, "tieout_rows", &module, 0, 0);
}
// The statement's first parameter is the function's argument.
static inline int tieout_bind_rows(sqlite3_stmt *statement, struct tieout_rows *rows) {
    return sqlite3_bind_pointer(statement, 1, rows, "tieout_rows", 0);
}
#endif
