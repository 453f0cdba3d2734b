/* dangbo: dated Party organisations, rolled up for any day. The C interface.
 *
 * This header is the whole of the C interface; what is not in it is no interface. Version 0: it may
 * still change, although the file is called libdangbo.so.1 already; call dangbo_check_abi at load.
 * From ABI 1 on only additions are made under one SONAME. The C++ headers carry no binary promise.
 *
 * Threads. A handle passed as pointer to const may be used from any number of threads at once; a
 * handle passed as pointer to non-const from one thread at a time, and by nobody else meanwhile
 * unless a function says so. Different handles never disturb one another; a registry and its
 * changes wait for one another where they write to the same facts. There is no global state, no
 * init call, no locale, no time zone, no clock.
 *
 * Memory. `T **out` gives you a handle that you free with its own function; freeing NULL does
 * nothing. A `const char *` or `const T **out` is borrowed: it lives as long as the handle it came
 * from. Outs are NULL or 0 after a failure. Snapshots, views, tables and changes stay valid after
 * the registry they came from is freed, in any order. Free a handle once: a freed one is noticed
 * only by luck.
 *
 * Text. UTF-8. In as pointer and size, NUL not needed, validated (DANGBO_E_ARGUMENT when
 * ill-formed); NULL with size 0 is the empty text. Out as pointer and size, and NUL-terminated too.
 *
 * Failure. Functions that can fail return a dangbo_status, DANGBO_OK being 0, and take
 * `dangbo_error **error` last, which may be NULL. *error is overwritten: with NULL on success, on
 * failure with an owned error that has a text in Vietnamese and in English and, for refused rows, a
 * table that names each. Nothing is thrown, printed or aborted. A NULL handle or a handle of the
 * wrong kind is DANGBO_E_ARGUMENT; functions without a status then answer 0, NULL or an empty text,
 * and a free function does nothing.
 *
 * Ids, days. Ids are uint64_t with the top bit never set, 0 = none. Days are int32_t since
 * 1970-01-01; DANGBO_DATE_NONE is no day, an open end of a period. Times are int64_t microseconds
 * since 1970-01-01 UTC.
 */
#ifndef DANGBO_H_
#define DANGBO_H_

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(DANGBO_BUILD)
#define DANGBO_API __declspec(dllexport)
#elif defined(DANGBO_STATIC)
#define DANGBO_API
#else
#define DANGBO_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define DANGBO_API __attribute__((visibility("default")))
#else
#define DANGBO_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- versions --------------------------------------------------------------------------------- */

#define DANGBO_VERSION_MAJOR 0
#define DANGBO_VERSION_MINOR 1
#define DANGBO_VERSION_PATCH 0
/* Moves apart from the release: MAJOR when a program compiled before may break, MINOR when
 * something was added. */
#define DANGBO_ABI_MAJOR 0
#define DANGBO_ABI_MINOR 2

/* Parts of the release this library is. Any pointer may be NULL. @since 0.1 */
DANGBO_API void dangbo_version(uint32_t* major, uint32_t* minor, uint32_t* patch);
/* The same as text, "0.1.0". Static. @since 0.1 */
DANGBO_API const char* dangbo_version_text(void);
/* ABI number as MAJOR * 65536 + MINOR. @since 0.1 */
DANGBO_API uint32_t dangbo_abi_version(void);
/* 1 when a program compiled against ABI major.minor can use this library, else 0. Bindings call it
 * once at load. While the major is 0 only the very same minor fits. @since 0.1 */
DANGBO_API int32_t dangbo_check_abi(uint32_t major, uint32_t minor);
/* Compiler and library versions of this build, one line. Static. @since 0.1 */
DANGBO_API const char* dangbo_build_info(void);

/* --- status and error ------------------------------------------------------------------------- */

typedef int32_t dangbo_status;
#define DANGBO_OK 0
#define DANGBO_E_ARGUMENT                                                                        \
  1 /* a NULL or wrong handle, a size, text that is not UTF-8, a number out of its range, a call \
       out of turn */
#define DANGBO_E_REFUSED 2   /* rows or a file do not fit: see dangbo_error_problems */
#define DANGBO_E_QUERY 3     /* a query does not fit: see dangbo_error_problems */
#define DANGBO_E_NOT_FOUND 4 /* an expected outcome: no unit of this key */
#define DANGBO_E_MEMORY 5    /* not enough memory; nothing was changed */
#define DANGBO_E_CANCELLED 6 /* the progress callback said so */
#define DANGBO_E_INTERNAL 7  /* a fault of this library */

#define DANGBO_E_FILE                                                                           \
  8 /* a registry's file cannot be opened, written or trusted: see dangbo_error_problems, codes \
       from 600 on */

#define DANGBO_LANGUAGE_VI 0
#define DANGBO_LANGUAGE_EN 1

#define DANGBO_DATE_NONE (-2147483647 - 1)

typedef struct dangbo_error dangbo_error;
typedef struct dangbo_registry dangbo_registry;
typedef struct dangbo_change dangbo_change;
typedef struct dangbo_snapshot dangbo_snapshot;
typedef struct dangbo_view dangbo_view;
typedef struct dangbo_table dangbo_table;
typedef struct dangbo_difference dangbo_difference;
typedef struct dangbo_text dangbo_text;
typedef struct dangbo_expr dangbo_expr;
typedef struct dangbo_pack dangbo_pack;
typedef struct dangbo_checker dangbo_checker;
typedef struct dangbo_expr_run dangbo_expr_run;

/* The Arrow C stream interface (apache/arrow: CStreamInterface); declare the struct from Arrow's
 * page to use it. */
struct ArrowArrayStream;

/* The status this error came with; DANGBO_OK for NULL. @since 0.1 */
DANGBO_API dangbo_status dangbo_error_status(const dangbo_error* error);
/* What went wrong, one line, borrowed; language is DANGBO_LANGUAGE_…, any other being Vietnamese.
 * Never NULL. @since 0.1 */
DANGBO_API const char* dangbo_error_message(const dangbo_error* error, int32_t language);
/* All problems: every offending row, however many. @since 0.1 */
DANGBO_API uint64_t dangbo_error_problem_count(const dangbo_error* error);
/* The problems as a table: code, file, row, column, value, reason_vi, reason_en, fix_vi, fix_en
 * (text; code and row int). At most 1,000,000 are kept. An error without problems gives a table
 * without rows. @since 0.1 */
DANGBO_API dangbo_status dangbo_error_problems(const dangbo_error* error, dangbo_table** out);
/* The error of DANGBO_E_MEMORY is a static object: making it needs no memory and freeing it does
 * nothing. @since 0.1 */
DANGBO_API void dangbo_error_free(dangbo_error* error);

/* --- text that the library made --------------------------------------------------------------- */

/* Borrowed, NUL-terminated; *size (may be NULL) receives the bytes without the NUL. @since 0.1 */
DANGBO_API const char* dangbo_text_data(const dangbo_text* text, size_t* size);
/* @since 0.1 */
DANGBO_API void dangbo_text_free(dangbo_text* text);

/* --- registry: the facts ---------------------------------------------------------------------- */

#define DANGBO_REGISTRY_SINGLE_ROOT 1u /* refuse a forest: on no day may there be two roots */

/* An empty registry in memory with the standard tables. `flags` is a sum of DANGBO_REGISTRY_….
 * @since 0.1 */
DANGBO_API dangbo_status dangbo_registry_create(uint32_t flags, dangbo_registry** out,
                                                dangbo_error** error);
#define DANGBO_OPEN_READ 0   /* the content as of opening; any number of readers */
#define DANGBO_OPEN_WRITE 1  /* the one writer */
#define DANGBO_OPEN_CREATE 2 /* a new file, then the one writer */
/* Flags beside DANGBO_REGISTRY_SINGLE_ROOT, which a file keeps from its creation. When a commit
 * returns it is on the disk; with SYNC_NORMAL a power cut may take the last commits, with SYNC_OFF
 * the file. ACCEPT_MISSING_WAL opens a file whose -wal companion is lost, as it stands. */
#define DANGBO_REGISTRY_SYNC_NORMAL 2u
#define DANGBO_REGISTRY_SYNC_OFF 4u
#define DANGBO_REGISTRY_ACCEPT_MISSING_WAL 8u

/* A registry kept in a file (docs/file.md): everything works from memory, and each commit is one
 * transaction of the file. `mode` is DANGBO_OPEN_…, `flags` a sum of DANGBO_REGISTRY_…. @since 0.2
 */
DANGBO_API dangbo_status dangbo_registry_open(const char* path, size_t path_size, int32_t mode,
                                              uint32_t flags, dangbo_registry** out,
                                              dangbo_error** error);
/* Legal while snapshots, views and changes of it live; a file is closed when the last of its
 * changes is freed too. @since 0.1 */
DANGBO_API void dangbo_registry_free(dangbo_registry* registry);
/* Declares host tables from a schema file (YAML): all of them, or none and the place of each
 * mistake. @since 0.1 */
DANGBO_API dangbo_status dangbo_registry_declare_file(dangbo_registry* registry, const char* path,
                                                      size_t path_size, dangbo_error** error);
/* All tables and their fields: table, field, type, required, role, title_vi, title_en (text).
 * @since 0.1 */
DANGBO_API dangbo_status dangbo_registry_tables(const dangbo_registry* registry, dangbo_table** out,
                                                dangbo_error** error);
/* Commits a change of this registry whole or not at all and empties it on success; on failure the
 * change is kept and the registry is as it was. `time`: your clock, microseconds since 1970-01-01
 * UTC, never going backwards. `source_version`: your own mark, may be empty. *commit (may be NULL)
 * receives the number, from 1. DANGBO_E_REFUSED names every offending row. @since 0.1 */
DANGBO_API dangbo_status dangbo_registry_commit(dangbo_registry* registry, dangbo_change* change,
                                                int64_t time, const char* source_version,
                                                size_t source_version_size, uint64_t* commit,
                                                dangbo_error** error);
/* Moves the registry's current day forward, as a commit without rows: what was dated ahead and
 * falls due by then is in force. *commit may be NULL. DANGBO_E_REFUSED for a day before the current
 * one. @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_advance(dangbo_registry* registry, int32_t day,
                                                 int64_t time, const char* source_version,
                                                 size_t source_version_size, uint64_t* commit,
                                                 dangbo_error** error);
/* Commits what a fork (dangbo_snapshot_fork) holds beyond the snapshot it was taken from, as one
 * commit; the fork stays as it is. DANGBO_E_REFUSED names rows that changed here since and that the
 * fork wrote or rested on, and whatever else does not fit. A fork comes home once: asked again with
 * nothing new in it, this gives the earlier commit and writes nothing. DANGBO_E_ARGUMENT when it
 * holds more since, and when `fork` is no fork of this registry. @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_commit_fork(dangbo_registry* registry,
                                                     const dangbo_registry* fork, int64_t time,
                                                     const char* source_version,
                                                     size_t source_version_size, uint64_t* commit,
                                                     dangbo_error** error);
/* Erases the personal data of a member in every version ever stored, in memory and in the file, as
 * one commit. `fields`: names with commas between them, empty: all personal ones; *values (may be
 * NULL) receives how many values went. Keys, days and relations stay. Compact afterwards.
 * DANGBO_E_ARGUMENT while a snapshot, view or fork of it lives. @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_redact(dangbo_registry* registry, const char* member,
                                                size_t member_size, const char* fields,
                                                size_t fields_size, int64_t time,
                                                const char* source_version,
                                                size_t source_version_size, uint64_t* commit,
                                                uint64_t* values, dangbo_error** error);
/* Rewrites the file without gaps, so that nothing erased stands in it or in its -wal companion.
 * Nothing to do in memory. @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_compact(dangbo_registry* registry, dangbo_error** error);
/* Recomputes every digest of a registry's file, without opening it as a registry: a row of commits,
 * rows, redactions, erased_rows (int64), head (text, the last digest). DANGBO_E_FILE names the
 * first commit that does not hold. @since 0.2 */
DANGBO_API dangbo_status dangbo_file_verify(const char* path, size_t path_size, dangbo_table** out,
                                            dangbo_error** error);
/* Has a count or sum kept for every unit from the latest commit on, from a document such as
 * {"measure":1,"name":"women","of":"members","where":{"sex":"female"},"timeline":true}
 * (docs/totals.md). Not kept in a file: declare again after opening. DANGBO_E_QUERY names what
 * cannot be kept. @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_declare_measure(dangbo_registry* registry,
                                                         const char* json, size_t json_size,
                                                         int32_t* measure, dangbo_error** error);
/* Keeps counts of members at home by coded fields of `members`, for every unit (docs/totals.md),
 * from a document such as {"grouping":1,"name":"by sex","by":["sex","status"]}. `grouping` is its
 * number, to be read from views taken after this. DANGBO_E_QUERY. @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_declare_grouping(dangbo_registry* registry,
                                                          const char* json, size_t json_size,
                                                          int32_t* grouping, dangbo_error** error);
/* The latest commit. May be called beside a commit on another thread; never blocks. @since 0.1 */
DANGBO_API dangbo_status dangbo_registry_snapshot(const dangbo_registry* registry,
                                                  dangbo_snapshot** out, dangbo_error** error);
/* Bytes held: hot (codes, dates, indexes), cold (names and other text). Pointers may be NULL.
 * @since 0.1 */
DANGBO_API dangbo_status dangbo_registry_memory(const dangbo_registry* registry,
                                                uint64_t* hot_bytes, uint64_t* cold_bytes,
                                                dangbo_error** error);

/* --- change: rows on their way in ------------------------------------------------------------- */

/* Progress of long work on the calling thread; total is 0 when it is not known. Return 0 to go on,
 * anything else to cancel. Must not throw, longjmp or call back into the same registry or change.
 */
typedef int32_t (*dangbo_progress)(void* user, const char* what, uint64_t done, uint64_t total);

/* An empty change. A registry may have any number of them at once, also on other threads. It
 * outlives the registry handle but can then only be checked and freed. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_create(dangbo_registry* registry, dangbo_change** out,
                                              dangbo_error** error);
/* @since 0.1 */
DANGBO_API void dangbo_change_free(dangbo_change* change);
/* Reads a file, or every table file of a folder, and declares the host tables of a schema.yaml in
 * it. What is wrong with rows is kept and refused at commit; the call itself fails only when
 * cancelled or out of memory, and adds nothing then. `progress` may be NULL. Commits and other
 * changes of the registry wait while it runs; snapshots do not. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_add_path(dangbo_change* change, const char* path,
                                                size_t path_size, dangbo_progress progress,
                                                void* user, dangbo_error** error);
/* Reads one file into the table named. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_add_file(dangbo_change* change, const char* table,
                                                size_t table_size, const char* path,
                                                size_t path_size, dangbo_error** error);
/* Takes every batch of an Arrow stream, whose columns are matched by name; consumes and releases
 * the stream, also on failure, when nothing is added. Rows are numbered from 1 through all batches.
 * A stream that is broken or has a type we do not take is DANGBO_E_REFUSED. `source` names it in
 * messages. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_add_stream(dangbo_change* change, const char* table,
                                                  size_t table_size,
                                                  struct ArrowArrayStream* stream,
                                                  const char* source, size_t source_size,
                                                  dangbo_error** error);

/* Reads a change script (docs/scripts.md): rows to add, corrections, withdrawals, operations. What
 * is wrong with it is kept and refused at commit, by its line. @since 0.2 */
DANGBO_API dangbo_status dangbo_change_add_script(dangbo_change* change, const char* path,
                                                  size_t path_size, dangbo_error** error);
/* The same for a script that is no file: YAML, of which JSON is a part. `source` names it in
 * messages. So a host gives operations on units and members (docs/operations.md). @since 0.2 */
DANGBO_API dangbo_status dangbo_change_add_script_text(dangbo_change* change, const char* text,
                                                       size_t text_size, const char* source,
                                                       size_t source_size, dangbo_error** error);
/* The people and bodies of the change are invented: results and pages of the registry that takes it
 * say so from then on. @since 0.2 */
DANGBO_API dangbo_status dangbo_change_mark_synthetic(dangbo_change* change, dangbo_error** error);

/* Plain column buffers, for hosts without Arrow: begin a batch of `rows` rows for a table, give its
 * columns in any order, end it. Buffers are copied. `validity`: one byte a row, 0 = missing; NULL =
 * nothing missing. Between begin and end no other function may use the change, except
 * dangbo_change_free. Values that cannot be (text that is not UTF-8, days outside the years 1400 …
 * 9999) refuse their column, naming each row from 1; the batch stays open. At most 2^32 - 1 rows.
 * @since 0.1 */
DANGBO_API dangbo_status dangbo_change_begin_rows(dangbo_change* change, const char* table,
                                                  size_t table_size, uint64_t rows,
                                                  const char* source, size_t source_size,
                                                  dangbo_error** error);
/* Begins corrections of `rows` stored rows of a table. First the columns that name them, by
 * the functions below: the column row_id (int64, from dangbo_snapshot_rows), or fields that
 * together match one row known now, the key of its member or unit or the table's whole key among
 * them. Then dangbo_change_begin_values, the columns to set (a missing value becomes missing), and
 * dangbo_change_end_rows. Ending an interval is a correction of `until`. @since 0.2 */
DANGBO_API dangbo_status dangbo_change_begin_corrections(dangbo_change* change, const char* table,
                                                         size_t table_size, uint64_t rows,
                                                         const char* source, size_t source_size,
                                                         dangbo_error** error);
/* Columns from here on are values to set. @since 0.2 */
DANGBO_API dangbo_status dangbo_change_begin_values(dangbo_change* change, dangbo_error** error);
/* Begins the withdrawal of stored rows that should never have been there: the columns that name
 * them, as for corrections, then dangbo_change_end_rows. @since 0.2 */
DANGBO_API dangbo_status dangbo_change_begin_withdrawals(dangbo_change* change, const char* table,
                                                         size_t table_size, uint64_t rows,
                                                         const char* source, size_t source_size,
                                                         dangbo_error** error);
/* Text: row i is bytes[offsets[i], offsets[i + 1]); offsets has rows + 1 ascending entries from 0
 * and ends below 2^31. Also for codes, keys and for dates as text. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_text_column(dangbo_change* change, const char* name,
                                                   size_t name_size, const char* bytes,
                                                   const int64_t* offsets, const uint8_t* validity,
                                                   dangbo_error** error);
/* @since 0.1 */
DANGBO_API dangbo_status dangbo_change_int64_column(dangbo_change* change, const char* name,
                                                    size_t name_size, const int64_t* values,
                                                    const uint8_t* validity, dangbo_error** error);
/* Days since 1970-01-01. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_date_column(dangbo_change* change, const char* name,
                                                   size_t name_size, const int32_t* days,
                                                   const uint8_t* validity, dangbo_error** error);
/* One byte a row, 0 = false. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_bool_column(dangbo_change* change, const char* name,
                                                   size_t name_size, const uint8_t* values,
                                                   const uint8_t* validity, dangbo_error** error);
/* Ends the batch, also on failure: the change is then as it was before the batch began. @since 0.1
 */
DANGBO_API dangbo_status dangbo_change_end_rows(dangbo_change* change, dangbo_error** error);

/* What commit would refuse, without changing anything: a table as dangbo_error_problems gives it,
 * empty when the change would be accepted; *problems (may be NULL) counts all. @since 0.1 */
DANGBO_API dangbo_status dangbo_change_check(const dangbo_change* change, dangbo_table** out,
                                             uint64_t* problems, dangbo_error** error);

/* --- snapshot and view: reading --------------------------------------------------------------- */

/* Number of the snapshot's commit; 0 before the first. @since 0.1 */
DANGBO_API uint64_t dangbo_snapshot_commit(const dangbo_snapshot* snapshot);
/* @since 0.1 */
DANGBO_API void dangbo_snapshot_free(dangbo_snapshot* snapshot);
/* The same registry as known at an earlier commit, 0 being before the first; a later number is
 * this snapshot's. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_as_of(const dangbo_snapshot* snapshot, uint64_t commit,
                                               dangbo_snapshot** out, dangbo_error** error);
/* The last commit at or before a time; 0 when all are later. @since 0.2 */
DANGBO_API uint64_t dangbo_snapshot_commit_at_time(const dangbo_snapshot* snapshot, int64_t time);
/* The registry's day (dangbo_registry_advance); DANGBO_DATE_NONE before the first. @since 0.2 */
DANGBO_API int32_t dangbo_snapshot_current_day(const dangbo_snapshot* snapshot);
/* 1 when some of the data is invented. @since 0.2 */
DANGBO_API int32_t dangbo_snapshot_is_synthetic(const dangbo_snapshot* snapshot);
/* A row a commit: commit, time (int64), source_version (text), current_day (date), added,
 * corrected, withdrawn (rows, int64). @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_log(const dangbo_snapshot* snapshot, dangbo_table** out,
                                             dangbo_error** error);
/* What became known after commit `after` about the days [from, until), up to this snapshot: commit,
 * table, row_id, change (added, corrected, withdrawn), unit_id, member_id, field, before, after.
 * An empty table name: all tables. DANGBO_E_REFUSED for an unknown one. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_changes(const dangbo_snapshot* snapshot, uint64_t after,
                                                 int32_t from, int32_t until, const char* table,
                                                 size_t table_size, dangbo_table** out,
                                                 dangbo_error** error);
/* Rows that begin or cease to hold on a day of [from, until): day, table, row_id, due (begins,
 * ends), unit_id, member_id. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_agenda(const dangbo_snapshot* snapshot, int32_t from,
                                                int32_t until, dangbo_table** out,
                                                dangbo_error** error);
/* The rows of a table that are known, among the `count` row numbers from `first` on (count 0: all):
 * row_id, then every field. DANGBO_E_REFUSED for an unknown table, and when a column would hold
 * 2 GiB of text. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_rows(const dangbo_snapshot* snapshot, const char* table,
                                              size_t table_size, uint64_t first, uint64_t count,
                                              dangbo_table** out, dangbo_error** error);
/* Which units of the day `from` are which on the day `to` (docs/lineage.md), a row a pair:
 * from_unit, from_name, to_unit, to_name (missing: none), event (missing: itself), date,
 * decision_id, members (of from_unit itself on the first day), placed (how many of these stand in
 * to_unit or below it on the later day). `all` not 0: also the units that are themselves.
 * DANGBO_E_QUERY when `to` is before `from`. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_code_mapping(const dangbo_snapshot* snapshot, int32_t from,
                                                      int32_t to, int32_t all, dangbo_table** out,
                                                      dangbo_error** error);
/* A registry of its own that begins with what this snapshot knows, for what-if work: change it,
 * query it, drop it, or bring it home with dangbo_registry_commit_fork. Rows are shared until they
 * are written to. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_fork(const dangbo_snapshot* snapshot,
                                              dangbo_registry** out, dangbo_error** error);
/* The view of a day, as known at commit `known_at` (0, or later than the
 * snapshot's: the snapshot's). Costs nothing until asked. @since 0.1 */
DANGBO_API dangbo_status dangbo_snapshot_view(const dangbo_snapshot* snapshot, int32_t day,
                                              uint64_t known_at, dangbo_view** out,
                                              dangbo_error** error);
/* Answers a query document (docs/query.md) that gives its own "on". @since 0.1 */
DANGBO_API dangbo_status dangbo_snapshot_query(const dangbo_snapshot* snapshot, const char* json,
                                               size_t json_size, dangbo_table** out,
                                               dangbo_error** error);

/* @since 0.1 */
DANGBO_API void dangbo_view_free(dangbo_view* view);
/* @since 0.1 */
DANGBO_API int32_t dangbo_view_day(const dangbo_view* view);
/* The id of a unit by its external key. DANGBO_E_NOT_FOUND when no unit ever had it. @since 0.1 */
DANGBO_API dangbo_status dangbo_view_find_unit(const dangbo_view* view, const char* key,
                                               size_t key_size, uint64_t* unit,
                                               dangbo_error** error);

/* What a key of another system (table cross_references: national database, HR, card, organisation
 * code) stands for on the view's day: the key of a unit in *unit or of a member in *member; the
 * other becomes NULL. Spelled as in the rows. DANGBO_E_NOT_FOUND when nobody has it on the day.
 * Free the text. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_find_entity(const dangbo_view* view, const char* scheme,
                                                 size_t scheme_size, const char* key,
                                                 size_t key_size, dangbo_text** unit,
                                                 dangbo_text** member, dangbo_error** error);

/* stock: home memberships in force on the day; others are declared */
#define DANGBO_MEASURE_MEMBERS 0
#define DANGBO_SCOPE_BELOW 0 /* the unit and all units below it */
#define DANGBO_SCOPE_OWN 1

/* One number. 0 for a unit not in force on the day; DANGBO_E_NOT_FOUND for an id no unit ever had.
 * Takes no lock and allocates nothing for a declared measure on the registry's day, or on any day
 * when it has a timeline; where nothing is kept (no measure declared, an earlier known_at, a fork)
 * the first call on a view counts all its units. DANGBO_E_QUERY for a day before the roster is
 * known (docs/roster.md). @since 0.1 */
DANGBO_API dangbo_status dangbo_view_total(const dangbo_view* view, uint64_t unit, int32_t measure,
                                           int32_t scope, int64_t* out, dangbo_error** error);
/* The number of a declared measure by its name. DANGBO_E_NOT_FOUND when there is none.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_view_find_measure(const dangbo_view* view, const char* name,
                                                  size_t name_size, int32_t* measure,
                                                  dangbo_error** error);
/* How declared measures of a unit went (docs/totals.md): a row a day, a column a measure, from a
 * document such as {"trend":1,"unit":"K","measures":["women"],"from":"2011-01-01",
 * "until":"2021-01-01"}. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_trend(const dangbo_view* view, const char* json,
                                           size_t json_size, dangbo_table** out,
                                           dangbo_error** error);
/* More groups no grouping has. */
#define DANGBO_MOST_GROUPS 256
/* The number of a declared grouping by its name. DANGBO_E_NOT_FOUND when there is none.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_view_find_grouping(const dangbo_view* view, const char* name,
                                                   size_t name_size, int32_t* grouping,
                                                   dangbo_error** error);
/* What the groups of a declared grouping are: a row a group, in the order of
 * dangbo_view_group_counts, and a text column a field in the order declared (word_1, word_2 …),
 * missing being a group of its own, the last. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_group_words(const dangbo_view* view, int32_t grouping,
                                                 dangbo_table** out, dangbo_error** error);
/* The counts of a unit's groups on the view's day, scope as for dangbo_view_total: fills `counts`,
 * as many as there are groups, at most `capacity`; DANGBO_E_ARGUMENT when they do not fit, *count
 * then saying how many there are. 0 in every group for a unit not in force. Takes no lock and
 * allocates nothing on the registry's day; else the first call on a view counts all units.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_view_group_counts(const dangbo_view* view, uint64_t unit,
                                                  int32_t grouping, int32_t scope, int64_t* counts,
                                                  size_t capacity, size_t* count,
                                                  dangbo_error** error);
/* Answers a query document; its "on" may be left out. @since 0.1 */
DANGBO_API dangbo_status dangbo_view_query(const dangbo_view* view, const char* json,
                                           size_t json_size, dangbo_table** out,
                                           dangbo_error** error);
/* Whoever asks is entitled to counts only: "rows" of a query is answered by their number. */
#define DANGBO_QUERY_COUNTS_ONLY 1
/* The same with a say on how it is run. `threads` count beside each other (0 and 1: the calling
 * one, at most 16); the answer has the same bytes with any number. `progress` may be NULL; it is
 * called on the calling thread with `what` "query" and `done` out of a `total` of 1000, and ends
 * the query with DANGBO_E_CANCELLED. `flags` are DANGBO_QUERY_…, others are refused. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_query_run(const dangbo_view* view, const char* json,
                                               size_t json_size, uint32_t threads, uint32_t flags,
                                               dangbo_progress progress, void* user,
                                               dangbo_table** out, dangbo_error** error);
/* The organisation of the day in pre-order: unit_id, name, kind, class, parent_id, level,
 * members_own, members_below. An empty key: all roots; depth 0: no limit. DANGBO_E_QUERY for an
 * unknown key. @since 0.1 */
DANGBO_API dangbo_status dangbo_view_tree(const dangbo_view* view, const char* unit_key,
                                          size_t unit_key_size, uint32_t depth, dangbo_table** out,
                                          dangbo_error** error);
/* What became of a unit and where it came from (docs/lineage.md): part (itself, event, became,
 * came_from, on_day), level, unit_id, name, from, until, event, date, decision_id, in_force. The
 * rows on_day say which units it is on the view's day. DANGBO_E_QUERY for an unknown key.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_view_lineage(const dangbo_view* view, const char* unit_key,
                                             size_t unit_key_size, dangbo_table** out,
                                             dangbo_error** error);
/* One self-contained HTML page about a unit on the view's day, from a request document
 * (docs/page.md): {"page":1,"unit":"K"}. A page for the public withholds small counts of ethnicity
 * and religion. DANGBO_E_QUERY names every mistake of the document. Free the text. @since 0.1 */
DANGBO_API dangbo_status dangbo_view_report(const dangbo_view* view, const char* json,
                                            size_t json_size, dangbo_text** out,
                                            dangbo_error** error);

/* --- rosters: today's list, and its differences every night (docs/roster.md) -------------------
 */

/* Takes rows at fault out of a change, and those that stand on them, until the rest would be
 * accepted. Each becomes rows of the table quarantine with its reason; results then say how many
 * rows are outside. *why: the reasons, as dangbo_error_problems gives them; *rows (may be NULL):
 * how many rows were set aside. @since 0.2 */
DANGBO_API dangbo_status dangbo_change_set_aside(dangbo_change* change, uint64_t* rows,
                                                 dangbo_table** why, dangbo_error** error);
/* Compares a complete extract (a change that holds rows only) with what is known on the day of the
 * extract: nothing is written. `json`: {"difference":1,"day":"2024-03-01"}, and as you need them
 * "partial" (tables that may lack rows), "subtree" (a unit's key), "policies" ({"table.field":
 * "happened", "correction" or "ask"}), "max_vanished" (thousandths) and "quarantine" (true: rows at
 * fault are set aside). DANGBO_E_QUERY for a mistake in it, DANGBO_E_REFUSED for an extract that
 * cannot be (too much vanished, an earlier day, a key twice). The extract stays as it is. @since
 * 0.2
 */
DANGBO_API dangbo_status dangbo_registry_difference(dangbo_registry* registry,
                                                    const dangbo_change* extract, const char* json,
                                                    size_t json_size, dangbo_difference** out,
                                                    dangbo_error** error);
/* @since 0.2 */
DANGBO_API void dangbo_difference_free(dangbo_difference* difference);
/* Rows to write, questions for people, rows set aside. Pointers may be NULL. @since 0.2 */
DANGBO_API dangbo_status dangbo_difference_counts(const dangbo_difference* difference,
                                                  uint64_t* rows, uint64_t* questions,
                                                  uint64_t* set_aside, dangbo_error** error);
/* The difference as a change script (docs/scripts.md) with what was found as comments. @since 0.2
 */
DANGBO_API dangbo_status dangbo_difference_script(const dangbo_difference* difference,
                                                  dangbo_text** out, dangbo_error** error);
/* One row a finding: finding, table, key, field, before, after, day, observed, note_vi, note_en.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_difference_findings(const dangbo_difference* difference,
                                                    dangbo_table** out, dangbo_error** error);
/* Why rows were set aside, as dangbo_error_problems gives it. @since 0.2 */
DANGBO_API dangbo_status dangbo_difference_set_aside(const dangbo_difference* difference,
                                                     dangbo_table** out, dangbo_error** error);
/* Commits a difference and moves the registry's day to the extract's, as one commit. Nothing to
 * change and the day no later: nothing is written and *commit (may be NULL) is the latest one.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_registry_commit_difference(dangbo_registry* registry,
                                                           const dangbo_difference* difference,
                                                           int64_t time, const char* source_version,
                                                           size_t source_version_size,
                                                           uint64_t* commit, dangbo_error** error);

/* --- frozen figures: why a report differs from an earlier one (docs/freeze.md) ------------------
 */

/* Answers a query as dangbo_view_query does and keeps the answer in a JSON document, with the
 * question, the commit it rests on and a digest: store it, compare later. Holds figures, no rows of
 * persons. Free the text. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_freeze(const dangbo_view* view, const char* json,
                                            size_t json_size, dangbo_text** out,
                                            dangbo_error** error);
/* The figures of such a document. DANGBO_E_QUERY for one that is broken, was changed since it was
 * frozen, or is of a newer library. Any thread. @since 0.2 */
DANGBO_API dangbo_status dangbo_frozen_table(const char* frozen, size_t frozen_size,
                                             dangbo_table** out, dangbo_error** error);
/* Asks the frozen question again with all that the snapshot knows. *cells: the figures that differ
 * (`all` not 0: every figure). *causes: for each thing that is counted differently a row with its
 * effect, the row behind it and the commit that made it so; the effects of a cell add up to its
 * difference. Causes name members: keep them from whom they do not concern. *differing (may be
 * NULL) counts the figures that differ. Free both tables. @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_compare(const dangbo_snapshot* snapshot,
                                                 const char* frozen, size_t frozen_size,
                                                 int32_t all, dangbo_table** cells,
                                                 dangbo_table** causes, uint64_t* differing,
                                                 dangbo_error** error);

/* --- expressions: conditions and values over rows (docs/expressions.md) --------------------------
 */

/* Checks an expression against names and types, for packs. The schema is a document:
 *   {"fields":[{"name":"age","type":"int"},{"name":"grade","type":"code","words":["good","weak"]}]}
 * with the types text, code (with its words), date, int, bool and real; any value may be missing.
 * DANGBO_E_QUERY lists every mistake; row and column of a problem are line and character of the
 * text, value the part that is wrong. The expression is immutable: any number of threads may use
 * it. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_compile(const char* text, size_t text_size, const char* schema,
                                             size_t schema_size, dangbo_expr** out,
                                             dangbo_error** error);
/* The same against the fields of a table of the registry. DANGBO_E_NOT_FOUND for an unknown table.
 * @since 0.2 */
DANGBO_API dangbo_status dangbo_snapshot_expr(const dangbo_snapshot* snapshot, const char* table,
                                              size_t table_size, const char* text, size_t text_size,
                                              dangbo_expr** out, dangbo_error** error);
/* The value for every row of a table, by column: value, and error_vi, error_en, why a row has none.
 * Columns are found by name. DANGBO_E_QUERY when one is absent or of another type. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_evaluate(const dangbo_expr* expr, const dangbo_table* rows,
                                              dangbo_table** out, dangbo_error** error);
/* The value for one row, a JSON object of names and values: {"value":V}, or
 * {"error":{"vi","en","begin","end"}} with the bytes of the part of the text that failed. Names
 * that are absent or null are missing. Free the text. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_evaluate_row(const dangbo_expr* expr, const char* json,
                                                  size_t json_size, dangbo_text** out,
                                                  dangbo_error** error);
/* How it is computed by column: kernel, text, uses, depth, a row a part. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_explain(const dangbo_expr* expr, dangbo_table** out,
                                             dangbo_error** error);
/* @since 0.2 */
DANGBO_API void dangbo_expr_free(dangbo_expr* expr);

/* Runs of an expression over columns of your own: give those it reads, evaluate, read planes or
 * values, give the next. A run outlives the expression. DANGBO_E_QUERY when the value is of a type
 * without a buffer (durations, timestamps, periods). @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_run_create(const dangbo_expr* expr, dangbo_expr_run** out,
                                                dangbo_error** error);
/* The column of a field, instead of what it had. `values` by type: DANGBO_TYPE_INT64 int64_t,
 * DANGBO_TYPE_REAL double, DANGBO_TYPE_DATE int32_t days, DANGBO_TYPE_CODE int32_t numbers of the
 * field's words (others are missing), DANGBO_TYPE_BOOL one byte a row; aligned, and but for bool
 * borrowed until the last evaluation with it. `validity`: one byte a row, 0 = missing, copied; NULL
 * = nothing missing. DANGBO_E_QUERY for an unknown field or one of another type. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_run_column(dangbo_expr_run* run, const char* name,
                                                size_t name_size, int32_t type, const void* values,
                                                uint64_t rows, const uint8_t* validity,
                                                dangbo_error** error);
/* A column of text, or of a field's words as text: row i is text codes[i] (others are missing), or
 * text i when codes is NULL; text k is bytes[offsets[k], offsets[k + 1]), offsets having count + 1
 * ascending entries. Borrowed but for validity. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_run_text_column(dangbo_expr_run* run, const char* name,
                                                     size_t name_size, const int32_t* codes,
                                                     uint64_t rows, const char* bytes,
                                                     const int64_t* offsets, uint64_t count,
                                                     const uint8_t* validity, dangbo_error** error);
/* Evaluates the first `rows` rows. DANGBO_E_QUERY when a column it reads is absent or shorter: the
 * run has then no result. What follows is borrowed until the next evaluation. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_run_evaluate(dangbo_expr_run* run, uint64_t rows,
                                                  dangbo_error** error);
/* A condition as two planes, one bit a row, least significant first, in whole words: where it is
 * true and where it is false; a row in neither has no value. DANGBO_E_ARGUMENT when the value is no
 * bool or nothing was evaluated. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_run_planes(const dangbo_expr_run* run, const uint64_t** yes,
                                                const uint64_t** no, dangbo_error** error);
/* Other values by dangbo_expr_run_type: int64_t, double, int32_t days or codes, of texts int32_t
 * numbers for dangbo_expr_run_word; `valid` (may be NULL): the plane of the rows that have one,
 * others hold 0. DANGBO_E_ARGUMENT for conditions and when nothing was evaluated. @since 0.2 */
DANGBO_API dangbo_status dangbo_expr_run_values(const dangbo_expr_run* run, const void** values,
                                                const uint64_t** valid, dangbo_error** error);
/* DANGBO_TYPE_… of the result; -1 for no run. @since 0.2 */
DANGBO_API int32_t dangbo_expr_run_type(const dangbo_expr_run* run);
/* The text of a number of texts or codes; *size (may be NULL). Empty when none. @since 0.2 */
DANGBO_API const char* dangbo_expr_run_word(const dangbo_expr_run* run, int32_t number,
                                            size_t* size);
/* Why a row has no value; empty when it has one. @since 0.2 */
DANGBO_API const char* dangbo_expr_run_reason(const dangbo_expr_run* run, uint64_t row,
                                              int32_t language);
/* @since 0.2 */
DANGBO_API void dangbo_expr_run_free(dangbo_expr_run* run);

/* --- packs of rules: findings and why (docs/rules.md) ----------------------------------------- */

/* Reads a pack with every pack that it extends: `count` (1 to 64) YAML texts in any order, or one
 * of dangbo_pack_compile. sources[i] names texts[i] in problems. `registry` (may be NULL): its
 * host's tables may be spoken of. DANGBO_E_REFUSED lists all that is wrong. Any thread. @since 0.2
 */
DANGBO_API dangbo_status dangbo_pack_read(const dangbo_registry* registry, const char* const* texts,
                                          const size_t* text_sizes, const char* const* sources,
                                          const size_t* source_sizes, size_t count,
                                          dangbo_pack** out, dangbo_error** error);
/* The pack as one canonical text with its digest. Free it. @since 0.2 */
DANGBO_API dangbo_status dangbo_pack_compile(const dangbo_pack* pack, dangbo_text** out,
                                             dangbo_error** error);
/* Its rules, a row each. @since 0.2 */
DANGBO_API dangbo_status dangbo_pack_rules(const dangbo_pack* pack, dangbo_table** out,
                                           dangbo_error** error);
/* What was made with it stays valid. @since 0.2 */
DANGBO_API void dangbo_pack_free(dangbo_pack* pack);

/* The findings of the pack on the view's day. `options`, for all below: JSON such as
 *   {"rules":["cell-min"],"about_persons":false,"unit":"K"}
 * or empty; DANGBO_E_QUERY when it does not fit. Rules about persons are off. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_check(const dangbo_view* view, const dangbo_pack* pack,
                                           const char* options, size_t options_size,
                                           dangbo_table** out, dangbo_error** error);
/* What becomes a finding within `days` days if nothing is done; never about persons. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_due(const dangbo_view* view, const dangbo_pack* pack,
                                         int32_t days, const char* options, size_t options_size,
                                         dangbo_table** out, dangbo_error** error);

#define DANGBO_EXPLAIN_TEXT 0
#define DANGBO_EXPLAIN_HTML 1 /* a fragment without scripts or outside references */

/* Why a rule says what it says about a subject, as in columns rule and subject of the findings.
 * Free the text. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_explain_finding(const dangbo_view* view,
                                                     const dangbo_pack* pack, const char* rule,
                                                     size_t rule_size, const char* subject,
                                                     size_t subject_size, int32_t format,
                                                     int32_t language, int32_t about_persons,
                                                     dangbo_text** out, dangbo_error** error);
/* What a change script would mend and break on the view's day; nothing is written. *figures: what
 * differs in the answers of `query` (empty: none, and no rows). Free both. @since 0.2 */
DANGBO_API dangbo_status dangbo_view_what_if(const dangbo_view* view, const dangbo_pack* pack,
                                             const char* script, size_t script_size,
                                             const char* query, size_t query_size,
                                             const char* options, size_t options_size,
                                             dangbo_table** findings, dangbo_table** figures,
                                             dangbo_error** error);

/* Findings that keep up with a registry. One thread at a time. @since 0.2 */
DANGBO_API dangbo_status dangbo_checker_start(const dangbo_view* view, const dangbo_pack* pack,
                                              const char* options, size_t options_size,
                                              dangbo_checker** out, dangbo_error** error);
/* Goes to a later view of the same registry. *evaluated (may be NULL): subjects asked again. *out:
 * change (appeared, changed, gone), key. @since 0.2 */
DANGBO_API dangbo_status dangbo_checker_update(dangbo_checker* checker, const dangbo_view* view,
                                               uint64_t* evaluated, dangbo_table** out,
                                               dangbo_error** error);
/* @since 0.2 */
DANGBO_API dangbo_status dangbo_checker_findings(const dangbo_checker* checker, dangbo_table** out,
                                                 dangbo_error** error);
/* @since 0.2 */
DANGBO_API void dangbo_checker_free(dangbo_checker* checker);

/* --- table: results --------------------------------------------------------------------------- */

#define DANGBO_TYPE_TEXT 0
#define DANGBO_TYPE_CODE 1 /* a word of a vocabulary: number and word */
#define DANGBO_TYPE_DATE 2
#define DANGBO_TYPE_INT64 3
#define DANGBO_TYPE_BOOL 4
#define DANGBO_TYPE_REAL 5

/* @since 0.1 */
DANGBO_API void dangbo_table_free(dangbo_table* table);
/* @since 0.1 */
DANGBO_API uint64_t dangbo_table_row_count(const dangbo_table* table);
/* @since 0.1 */
DANGBO_API uint64_t dangbo_table_column_count(const dangbo_table* table);
/* Borrowed; NULL when there is no such column. @since 0.1 */
DANGBO_API const char* dangbo_table_column_name(const dangbo_table* table, uint64_t column);
/* DANGBO_TYPE_…; -1 when there is no such column. @since 0.1 */
DANGBO_API int32_t dangbo_table_column_type(const dangbo_table* table, uint64_t column);
/* 1 when the value is missing, or the row or column does not exist. @since 0.1 */
DANGBO_API int32_t dangbo_table_is_missing(const dangbo_table* table, uint64_t column,
                                           uint64_t row);
/* Whole columns, borrowed, row_count values; missing ones hold 0. Never NULL on success.
 * DANGBO_E_ARGUMENT when the type differs. @since 0.1 */
DANGBO_API dangbo_status dangbo_table_int64s(const dangbo_table* table, uint64_t column,
                                             const int64_t** out, dangbo_error** error);
/* @since 0.1 */
DANGBO_API dangbo_status dangbo_table_reals(const dangbo_table* table, uint64_t column,
                                            const double** out, dangbo_error** error);
/* Codes of a DANGBO_TYPE_CODE column. @since 0.1 */
DANGBO_API dangbo_status dangbo_table_codes(const dangbo_table* table, uint64_t column,
                                            const int32_t** out, dangbo_error** error);
/* One value as text, whatever its type; *size (may be NULL) without the NUL. Free it. Missing: an
 * empty text. @since 0.1 */
DANGBO_API dangbo_status dangbo_table_value(const dangbo_table* table, uint64_t column,
                                            uint64_t row, dangbo_text** out, dangbo_error** error);

#define DANGBO_FORMAT_TEXT 0
#define DANGBO_FORMAT_CSV 1
#define DANGBO_FORMAT_CSV_EXCEL 2 /* with a byte order mark */
#define DANGBO_FORMAT_JSONL 3

/* The whole table as text. @since 0.1 */
DANGBO_API dangbo_status dangbo_table_format(const dangbo_table* table, int32_t format,
                                             int32_t language, dangbo_text** out,
                                             dangbo_error** error);
/* What the figures rest on: columns key, value (text). Notes for people follow as pairs note_vi,
 * note_en. @since 0.1 */
DANGBO_API dangbo_status dangbo_table_provenance(const dangbo_table* table, dangbo_table** out,
                                                 dangbo_error** error);
/* Exports the table as an Arrow C stream into *out, which is overwritten; you release it. Batches
 * of at most 65,536 rows, at least one. The stream and what comes out of it outlive the table.
 * @since 0.1 */
DANGBO_API dangbo_status dangbo_table_export_stream(const dangbo_table* table,
                                                    struct ArrowArrayStream* out,
                                                    dangbo_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DANGBO_H_ */
