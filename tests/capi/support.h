/* Invented bodies and people, and hands to feed them in. */
#ifndef DANGBO_TESTS_CAPI_SUPPORT_H
#define DANGBO_TESTS_CAPI_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "dangbo.h"

/* Days since 1970-01-01. */
int32_t day_number(int year, int month, int day);

/* Begins rows, gives `columns` text columns and ends them. `cells`: row after row, NULL = missing.
 */
dangbo_status add_text_rows(dangbo_change* change, const char* table, const char* const* names,
                            size_t columns, const char* const* cells, size_t rows,
                            const char* source, dangbo_error** error);

/* Three levels: KHOI over cells A, B (until 2020-07-01) and committee D over cells D1, D2; members
 * m1 ... m4. */
dangbo_status add_small_body(dangbo_change* change, dangbo_error** error);

/* A registry with the small body committed as number 1. Ends the test when it cannot be made. */
dangbo_registry* small_registry(void);
dangbo_snapshot* small_snapshot(void);
dangbo_view* small_view(int year, int month, int day);

/* The column's index, or UINT64_MAX. */
uint64_t find_column(const dangbo_table* table, const char* name);
/* The value as text; NULL when missing. Good until the next call. */
const char* cell(const dangbo_table* table, const char* column, uint64_t row);

/* Writes a file into the test's own folder (its only argument) and gives its path; good until the
 * next call. */
void use_folder(int argc, char** argv);
const char* in_folder(const char* name);
const char* write_file(const char* name, const char* text);

#endif
