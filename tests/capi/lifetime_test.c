/* Handles may be freed in any order: the facts live as long as anything needs them. */
#include <string.h>

#include "check.h"
#include "support.h"

struct everything {
  dangbo_registry* registry;
  dangbo_change* change;
  dangbo_snapshot* snapshot;
  dangbo_view* view;
  dangbo_table* table;
  dangbo_text* text;
};

static struct everything make_everything(void) {
  struct everything all = {NULL, NULL, NULL, NULL, NULL, NULL};
  all.registry = small_registry();
  CHECK_OK(dangbo_change_create(all.registry, &all.change, &test_error));
  CHECK_OK(dangbo_registry_snapshot(all.registry, &all.snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(all.snapshot, day_number(2018, 6, 1), 0, &all.view, &test_error));
  CHECK_OK(dangbo_view_tree(all.view, NULL, 0, 0, &all.table, &test_error));
  CHECK_OK(dangbo_table_format(all.table, DANGBO_FORMAT_CSV, 0, &all.text, &test_error));
  return all;
}

static void use_what_is_left(const struct everything* all, unsigned freed) {
  uint64_t unit = 0;
  int64_t total = 0;
  dangbo_table* again = NULL;
  if ((freed & 2U) == 0) {
    CHECK_OK(dangbo_change_check(all->change, &again, NULL, &test_error));
    dangbo_table_free(again);
  }
  if ((freed & 4U) == 0) CHECK_EQ(dangbo_snapshot_commit(all->snapshot), 1);
  if ((freed & 8U) == 0) {
    CHECK_OK(dangbo_view_find_unit(all->view, "KHOI", 4, &unit, &test_error));
    CHECK_OK(dangbo_view_total(all->view, unit, 0, 0, &total, &test_error));
    CHECK_EQ(total, 3);
  }
  if ((freed & 16U) == 0) CHECK_TEXT(cell(all->table, "unit_id", 5), "D2");
  if ((freed & 32U) == 0) CHECK_HAS(dangbo_text_data(all->text, NULL), "Đảng bộ Sở Nắng");
}

static void free_one(struct everything* all, int which) {
  if (which == 0) dangbo_registry_free(all->registry);
  if (which == 1) dangbo_change_free(all->change);
  if (which == 2) dangbo_snapshot_free(all->snapshot);
  if (which == 3) dangbo_view_free(all->view);
  if (which == 4) dangbo_table_free(all->table);
  if (which == 5) dangbo_text_free(all->text);
}

/* Forwards, backwards, and every rotation of both. */
static void any_order_will_do(void) {
  int start;
  int step;
  for (start = 0; start < 6; ++start) {
    for (step = 1; step <= 5; step += 4) {
      struct everything all = make_everything();
      unsigned freed = 0;
      int count;
      for (count = 0; count < 6; ++count) {
        const int which = (start + count * step) % 6;
        free_one(&all, which);
        freed |= 1U << which;
        use_what_is_left(&all, freed);
      }
    }
  }
}

/* A change with rows in it outlives its registry and can still be checked. */
static void a_change_outlives_its_registry(void) {
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  dangbo_table* problems = NULL;
  uint64_t count = 77;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  dangbo_registry_free(registry);
  CHECK_OK(add_small_body(change, &test_error));
  CHECK_OK(dangbo_change_check(change, &problems, &count, &test_error));
  CHECK_EQ(count, 0);
  dangbo_table_free(problems);
  dangbo_change_free(change);
}

static void freeing_nothing_is_nothing(void) {
  dangbo_registry_free(NULL);
  dangbo_change_free(NULL);
  dangbo_snapshot_free(NULL);
  dangbo_view_free(NULL);
  dangbo_table_free(NULL);
  dangbo_text_free(NULL);
  dangbo_error_free(NULL);
  CHECK_EQ(dangbo_snapshot_commit(NULL), 0);
}

int main(void) {
  any_order_will_do();
  a_change_outlives_its_registry();
  freeing_nothing_is_nothing();
  return check_result();
}
