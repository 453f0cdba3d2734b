/* Creating, declaring, committing, and what a registry says of itself. */
#include <string.h>

#include "check.h"
#include "support.h"

static dangbo_status commit(dangbo_registry* registry, dangbo_change* change, int64_t time,
                            uint64_t* number) {
  return dangbo_registry_commit(registry, change, time, NULL, 0, number, &test_error);
}

static void commits_are_numbered(void) {
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  dangbo_snapshot* before = NULL;
  dangbo_snapshot* after = NULL;
  uint64_t number = 77;
  uint64_t hot = 0;
  uint64_t cold = 0;
  uint64_t hot_after = 0;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &before, &test_error));
  CHECK_EQ(dangbo_snapshot_commit(before), 0);
  CHECK_OK(dangbo_registry_memory(registry, &hot, NULL, &test_error));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_small_body(change, &test_error));
  CHECK_OK(commit(registry, change, 100, &number));
  CHECK_EQ(number, 1);
  /* The change is empty again; an empty commit is a commit, and time may stand still. */
  CHECK_OK(commit(registry, change, 100, &number));
  CHECK_EQ(number, 2);
  CHECK_FAILS(commit(registry, change, 99, &number), DANGBO_E_REFUSED);
  CHECK_EQ(number, 0);
  CHECK_OK(dangbo_registry_commit(registry, change, 101, NULL, 0, NULL, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &after, &test_error));
  CHECK_EQ(dangbo_snapshot_commit(before), 0);
  CHECK_EQ(dangbo_snapshot_commit(after), 3);
  CHECK_OK(dangbo_registry_memory(registry, &hot_after, &cold, &test_error));
  CHECK(hot_after > hot && cold > 0);
  CHECK_OK(dangbo_registry_memory(registry, NULL, NULL, &test_error));
  dangbo_snapshot_free(before);
  dangbo_snapshot_free(after);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void a_refused_change_is_kept(void) {
  static const char* const names[] = {"unit_id", "from", "parent_id", "kind"};
  static const char* const orphan[] = {"X", "2010-01-01", "NOWHERE", "CBCS"};
  static const char* const parent[] = {"NOWHERE", "2010-01-01", NULL, "KHOI"};
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  uint64_t number = 0;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "units", names, 4, orphan, 1, "a", &test_error));
  CHECK_FAILS(commit(registry, change, 1, &number), DANGBO_E_REFUSED);
  /* What was missing comes later, and the whole is taken. */
  CHECK_OK(add_text_rows(change, "units", names, 4, parent, 1, "b", &test_error));
  CHECK_OK(commit(registry, change, 1, &number));
  CHECK_EQ(number, 1);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void a_change_belongs_to_its_registry(void) {
  dangbo_registry* one = NULL;
  dangbo_registry* other = NULL;
  dangbo_change* change = NULL;
  uint64_t number = 77;
  CHECK_OK(dangbo_registry_create(0, &one, &test_error));
  CHECK_OK(dangbo_registry_create(0, &other, &test_error));
  CHECK_OK(dangbo_change_create(one, &change, &test_error));
  CHECK_FAILS(commit(other, change, 1, &number), DANGBO_E_ARGUMENT);
  CHECK_EQ(number, 0);
  dangbo_change_free(change);
  dangbo_registry_free(one);
  dangbo_registry_free(other);
}

static void a_single_root_is_kept_to(void) {
  static const char* const names[] = {"unit_id", "from", "kind"};
  static const char* const roots[] = {"R1", "2010-01-01", "KHOI", "R2", "2015-01-01", "KHOI"};
  int flags;
  for (flags = 0; flags <= 1; ++flags) {
    dangbo_registry* registry = NULL;
    dangbo_change* change = NULL;
    uint64_t number = 0;
    CHECK_OK(dangbo_registry_create((uint32_t)flags, &registry, &test_error));
    CHECK_OK(dangbo_change_create(registry, &change, &test_error));
    CHECK_OK(add_text_rows(change, "units", names, 3, roots, 2, "roots", &test_error));
    CHECK_FAILS(commit(registry, change, 1, &number), flags == 0 ? DANGBO_OK : DANGBO_E_REFUSED);
    dangbo_change_free(change);
    dangbo_registry_free(registry);
  }
}

static int has_field(const dangbo_table* tables, const char* table, const char* field) {
  uint64_t row;
  for (row = 0; row < dangbo_table_row_count(tables); ++row) {
    if (strcmp(cell(tables, "table", row), table) != 0) continue;
    if (strcmp(cell(tables, "field", row), field) == 0) return 1;
  }
  return 0;
}

static void tables_are_described(void) {
  static const char* const names[] = {"table", "field",    "type",    "required",
                                      "role",  "title_vi", "title_en"};
  dangbo_registry* registry = NULL;
  dangbo_table* tables = NULL;
  uint64_t i;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(dangbo_registry_tables(registry, &tables, &test_error));
  dangbo_registry_free(registry);
  CHECK_EQ(dangbo_table_column_count(tables), 7);
  for (i = 0; i < 7; ++i) CHECK_TEXT(dangbo_table_column_name(tables, i), names[i]);
  CHECK_TEXT(cell(tables, "table", 0), "units");
  CHECK_TEXT(cell(tables, "field", 0), "unit_id");
  CHECK_TEXT(cell(tables, "type", 0), "text");
  CHECK_TEXT(cell(tables, "required", 0), "true");
  CHECK_TEXT(cell(tables, "role", 0), "unit");
  CHECK(has_field(tables, "memberships", "until"));
  CHECK(has_field(tables, "dues", "month"));
  dangbo_table_free(tables);
}

static const char kBooks[] =
    "tables:\n"
    "  - name: books\n"
    "    kind: event\n"
    "    title: {vi: sách đã cấp, en: books given}\n"
    "    key: [unit_id, day]\n"
    "    fields:\n"
    "      - {name: unit_id, type: text, role: unit, required: true}\n"
    "      - {name: day, type: date, role: day, required: true}\n"
    "      - {name: n, type: int}\n";

static dangbo_status declare(dangbo_registry* registry, const char* path) {
  return dangbo_registry_declare_file(registry, path, strlen(path), &test_error);
}

static void host_tables_are_declared(void) {
  dangbo_registry* registry = NULL;
  dangbo_table* tables = NULL;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(declare(registry, write_file("books.yaml", kBooks)));
  CHECK_OK(dangbo_registry_tables(registry, &tables, &test_error));
  CHECK(has_field(tables, "books", "n"));
  dangbo_table_free(tables);
  /* Twice is once too often. */
  CHECK_FAILS(declare(registry, in_folder("books.yaml")), DANGBO_E_REFUSED);
  CHECK_FAILS(declare(registry, in_folder("no such file.yaml")), DANGBO_E_REFUSED);
  dangbo_registry_free(registry);
}

static void a_mistake_declares_nothing(void) {
  static const char text[] =
      "tables:\n"
      "  - name: gifts\n"
      "    kind: event\n"
      "    fields:\n"
      "      - {name: day, type: date, role: day}\n"
      "  - name: units\n"
      "    kind: event\n"
      "    fields:\n"
      "      - {name: day, type: date, role: day}\n";
  dangbo_registry* registry = NULL;
  dangbo_table* tables = NULL;
  dangbo_error* error = NULL;
  const char* path = write_file("clash.yaml", text);
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_EQ(dangbo_registry_declare_file(registry, path, strlen(path), &error), DANGBO_E_REFUSED);
  CHECK(dangbo_error_problem_count(error) >= 1);
  CHECK_HAS(dangbo_error_message(error, DANGBO_LANGUAGE_EN), "clash.yaml");
  dangbo_error_free(error);
  CHECK_OK(dangbo_registry_tables(registry, &tables, &test_error));
  CHECK(!has_field(tables, "gifts", "day"));
  dangbo_table_free(tables);
  dangbo_registry_free(registry);
}

int main(int argc, char** argv) {
  use_folder(argc, argv);
  commits_are_numbered();
  a_refused_change_is_kept();
  a_change_belongs_to_its_registry();
  a_single_root_is_kept_to();
  tables_are_described();
  host_tables_are_declared();
  a_mistake_declares_nothing();
  return check_result();
}
