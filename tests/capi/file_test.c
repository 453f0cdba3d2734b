/* Registries that stand in a file: made, written, opened again, verified, erased from, refused. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "support.h"

static dangbo_status open_at(const char* path, int32_t mode, uint32_t flags,
                             dangbo_registry** registry) {
  return dangbo_registry_open(path, strlen(path), mode, flags, registry, &test_error);
}

static const char* fresh(const char* name) {
  char wal[4200];
  const char* path = in_folder(name);
  sprintf(wal, "%s-wal", path);
  remove(wal);
  sprintf(wal, "%s-shm", path);
  remove(wal);
  remove(path);
  return path;
}

static void fill(dangbo_registry* registry) {
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_small_body(change, &test_error));
  CHECK_OK(dangbo_registry_commit(registry, change, 1, NULL, 0, NULL, &test_error));
  dangbo_change_free(change);
}

static uint64_t commits_of(const dangbo_registry* registry) {
  dangbo_snapshot* snapshot = NULL;
  uint64_t commit;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  commit = dangbo_snapshot_commit(snapshot);
  dangbo_snapshot_free(snapshot);
  return commit;
}

static void what_was_committed_is_there_again(void) {
  dangbo_registry* registry = NULL;
  dangbo_registry* reader = NULL;
  const char* path = fresh("khoi.dangbo");
  CHECK_OK(open_at(path, DANGBO_OPEN_CREATE, DANGBO_REGISTRY_SINGLE_ROOT, &registry));
  fill(registry);
  CHECK_OK(open_at(path, DANGBO_OPEN_READ, 0, &reader));
  CHECK_EQ(commits_of(reader), 1);
  CHECK_OK(dangbo_registry_advance(registry, 18000, 2, NULL, 0, NULL, &test_error));
  CHECK_EQ(commits_of(reader), 1); /* as of opening */
  dangbo_registry_free(reader);
  dangbo_registry_free(registry);
  CHECK_OK(open_at(path, DANGBO_OPEN_WRITE, DANGBO_REGISTRY_SYNC_NORMAL, &registry));
  CHECK_EQ(commits_of(registry), 2);
  CHECK_OK(dangbo_registry_advance(registry, 18001, 3, NULL, 0, NULL, &test_error));
  dangbo_registry_free(registry);
  CHECK_OK(open_at(path, DANGBO_OPEN_READ, 0, &reader));
  CHECK_EQ(commits_of(reader), 3);
  CHECK_FAILS(dangbo_registry_advance(reader, 18002, 4, NULL, 0, NULL, &test_error), DANGBO_E_FILE);
  CHECK_FAILS(dangbo_registry_compact(reader, &test_error), DANGBO_E_FILE);
  dangbo_registry_free(reader);
}

static void a_change_keeps_the_file_open(void) {
  dangbo_registry* registry = NULL;
  dangbo_registry* second = NULL;
  dangbo_change* change = NULL;
  const char* path = fresh("mo.dangbo");
  CHECK_OK(open_at(path, DANGBO_OPEN_CREATE, 0, &registry));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  dangbo_registry_free(registry);
  CHECK_FAILS(open_at(path, DANGBO_OPEN_WRITE, 0, &second), DANGBO_E_FILE);
  dangbo_change_free(change);
  CHECK_OK(open_at(path, DANGBO_OPEN_WRITE, 0, &second));
  dangbo_registry_free(second);
}

static void files_that_do_not_fit(void) {
  dangbo_registry* registry = NULL;
  dangbo_table* table = NULL;
  char path[4096];
  strcpy(path, fresh("khong.dangbo"));
  CHECK_FAILS(open_at(path, DANGBO_OPEN_READ, 0, &registry), DANGBO_E_NOT_FOUND);
  CHECK(registry == NULL);
  CHECK_FAILS(open_at(path, DANGBO_OPEN_WRITE, 0, &registry), DANGBO_E_NOT_FOUND);
  CHECK_FAILS(open_at(path, 3, 0, &registry), DANGBO_E_ARGUMENT);
  CHECK_FAILS(open_at(path, -1, 0, &registry), DANGBO_E_ARGUMENT);
  CHECK_FAILS(open_at(path, DANGBO_OPEN_CREATE, 16, &registry), DANGBO_E_ARGUMENT);
  CHECK_FAILS(open_at(path, DANGBO_OPEN_CREATE, 2 | 4, &registry), DANGBO_E_ARGUMENT);
  CHECK_FAILS(open_at(path, DANGBO_OPEN_READ, 1, &registry), DANGBO_E_ARGUMENT);
  CHECK_FAILS(open_at("", DANGBO_OPEN_READ, 0, &registry), DANGBO_E_ARGUMENT);
  CHECK_FAILS(open_at(in_folder(""), DANGBO_OPEN_READ, 0, &registry), DANGBO_E_FILE);
  strcpy(path, write_file("la.dangbo", "member_id\nm1\n"));
  CHECK_FAILS(open_at(path, DANGBO_OPEN_READ, 0, &registry), DANGBO_E_FILE);
  CHECK_FAILS(open_at(path, DANGBO_OPEN_CREATE, 0, &registry), DANGBO_E_FILE);
  CHECK_FAILS(dangbo_file_verify(path, strlen(path), &table, &test_error), DANGBO_E_FILE);
  CHECK(table == NULL);
}

static void a_file_is_verified(void) {
  dangbo_registry* registry = NULL;
  dangbo_table* table = NULL;
  FILE* file;
  long at;
  char path[4096];
  strcpy(path, fresh("kiem.dangbo"));
  CHECK_OK(open_at(path, DANGBO_OPEN_CREATE, 0, &registry));
  fill(registry);
  dangbo_registry_free(registry);
  CHECK_OK(dangbo_file_verify(path, strlen(path), &table, &test_error));
  CHECK_EQ(dangbo_table_row_count(table), 1);
  CHECK_TEXT(cell(table, "commits", 0), "1");
  CHECK_TEXT(cell(table, "rows", 0), "16");
  CHECK_EQ(strlen(cell(table, "head", 0)), 64);
  dangbo_table_free(table);
  /* One bit of a name. */
  file = fopen(path, "r+b");
  for (at = 0; file != NULL && !feof(file); ++at) {
    char bytes[8] = {0};
    fseek(file, at, SEEK_SET);
    if (fread(bytes, 1, 7, file) == 7 && memcmp(bytes, "Chi b\xE1\xBB", 7) == 0) {
      fseek(file, at, SEEK_SET);
      fputc('c', file);
      break;
    }
  }
  fclose(file);
  CHECK_FAILS(dangbo_file_verify(path, strlen(path), &table, &test_error), DANGBO_E_FILE);
}

static void what_is_erased_is_gone(void) {
  static const char* const names[] = {"member_id", "full_name", "religion"};
  static const char* const cells[] = {"x1", "Lò Thị Mây", "có", "x2", "Vàng A Gió", NULL};
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  dangbo_snapshot* snapshot = NULL;
  dangbo_table* rows = NULL;
  uint64_t commit = 77;
  uint64_t values = 77;
  const char* path = fresh("xoa.dangbo");
  CHECK_OK(open_at(path, DANGBO_OPEN_CREATE, 0, &registry));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "members", names, 3, cells, 2, "s", &test_error));
  CHECK_OK(dangbo_registry_commit(registry, change, 1, NULL, 0, NULL, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_FAILS(
      dangbo_registry_redact(registry, "x1", 2, NULL, 0, 2, NULL, 0, &commit, &values, &test_error),
      DANGBO_E_ARGUMENT); /* somebody is reading */
  CHECK_EQ(commit, 0);
  CHECK_EQ(values, 0);
  dangbo_snapshot_free(snapshot);
  CHECK_FAILS(
      dangbo_registry_redact(registry, "x9", 2, NULL, 0, 2, NULL, 0, NULL, NULL, &test_error),
      DANGBO_E_REFUSED);
  CHECK_FAILS(
      dangbo_registry_redact(registry, "x1", 2, "faith", 5, 2, NULL, 0, NULL, NULL, &test_error),
      DANGBO_E_REFUSED);
  CHECK_OK(dangbo_registry_redact(registry, "x1", 2, "full_name,religion", 18, 2, NULL, 0, &commit,
                                  &values, &test_error));
  CHECK_EQ(commit, 2);
  CHECK_EQ(values, 2);
  CHECK_OK(dangbo_registry_compact(registry, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_rows(snapshot, "members", 7, 0, 0, &rows, &test_error));
  CHECK(cell(rows, "full_name", 0) == NULL);
  CHECK_TEXT(cell(rows, "full_name", 1), "Vàng A Gió");
  dangbo_table_free(rows);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
  CHECK_OK(dangbo_file_verify(path, strlen(path), &rows, &test_error));
  CHECK_TEXT(cell(rows, "redactions", 0), "1");
  dangbo_table_free(rows);
}

int main(int argc, char** argv) {
  use_folder(argc, argv);
  what_was_committed_is_there_again();
  a_change_keeps_the_file_open();
  files_that_do_not_fit();
  a_file_is_verified();
  what_is_erased_is_gone();
  return check_result();
}
