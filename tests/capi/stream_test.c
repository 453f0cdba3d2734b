/* Arrow streams made and walked by hand: no Arrow library, no C++. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dangbo/table/arrow/abi.h"
#include "support.h"

/* ---- a producer: batches of two text columns, with every release counted ---- */

enum { kBatches = 3, kColumns = 2 };

struct producer {
  int next;       /* batch to give */
  int fail_at;    /* batch whose get_next fails; -1: none */
  int fail_with;  /* errno value */
  int wrong_type; /* the second column is an interval, which nobody takes */
  int stream_releases;
  int schema_releases;
  int array_releases;
  struct ArrowSchema* children[kColumns];
  struct ArrowSchema columns[kColumns];
  struct ArrowArray* values[kColumns];
  struct ArrowArray arrays[kColumns];
  const void* buffers[kColumns][3];
  const void* no_buffers[1];
};

static const char* const kIds[kBatches] = {"s1s2", "s3", "s4s5"};
static const int32_t kIdEnds[kBatches][3] = {{0, 2, 4}, {0, 2, 2}, {0, 2, 4}};
static const char* const kSexes[kBatches] = {
    "nam"
    "nam",
    "nam",
    "nam"
    "ufo"};
static const int32_t kSexEnds[kBatches][3] = {{0, 3, 6}, {0, 3, 3}, {0, 3, 6}};
static const int64_t kRows[kBatches] = {2, 1, 2};

static void release_child_schema(struct ArrowSchema* schema) {
  schema->release = NULL;
}
static void release_child_array(struct ArrowArray* array) {
  array->release = NULL;
}

static void release_schema(struct ArrowSchema* schema) {
  struct producer* producer = schema->private_data;
  ++producer->schema_releases;
  schema->release = NULL;
}

static void release_array(struct ArrowArray* array) {
  struct producer* producer = array->private_data;
  ++producer->array_releases;
  array->release = NULL;
}

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  static const char* const names[kColumns] = {"member_id", "giới tính"};
  struct producer* producer = stream->private_data;
  int i;
  memset(out, 0, sizeof *out);
  memset(producer->columns, 0, sizeof producer->columns);
  for (i = 0; i < kColumns; ++i) {
    producer->columns[i].format = i == 1 && producer->wrong_type ? "tiD" : "u";
    producer->columns[i].name = names[i];
    producer->columns[i].flags = ARROW_FLAG_NULLABLE;
    producer->columns[i].release = release_child_schema;
    producer->children[i] = &producer->columns[i];
  }
  out->format = "+s";
  out->name = "";
  out->n_children = kColumns;
  out->children = producer->children;
  out->release = release_schema;
  out->private_data = producer;
  return 0;
}

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  struct producer* producer = stream->private_data;
  const int batch = producer->next++;
  int i;
  memset(out, 0, sizeof *out);
  if (batch == producer->fail_at) return producer->fail_with;
  if (batch >= kBatches) return 0;
  memset(producer->arrays, 0, sizeof producer->arrays);
  for (i = 0; i < kColumns; ++i) {
    producer->buffers[i][0] = NULL;
    producer->buffers[i][1] = i == 0 ? kIdEnds[batch] : kSexEnds[batch];
    producer->buffers[i][2] = i == 0 ? kIds[batch] : kSexes[batch];
    producer->arrays[i].length = kRows[batch];
    producer->arrays[i].n_buffers = 3;
    producer->arrays[i].buffers = producer->buffers[i];
    producer->arrays[i].release = release_child_array;
    producer->values[i] = &producer->arrays[i];
  }
  producer->no_buffers[0] = NULL;
  out->length = kRows[batch];
  out->n_buffers = 1;
  out->buffers = producer->no_buffers;
  out->n_children = kColumns;
  out->children = producer->values;
  out->release = release_array;
  out->private_data = producer;
  return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return "đường truyền đứt";
}

static void release_stream(struct ArrowArrayStream* stream) {
  struct producer* producer = stream->private_data;
  ++producer->stream_releases;
  stream->release = NULL;
}

static struct ArrowArrayStream stream_of(struct producer* producer) {
  struct ArrowArrayStream stream;
  memset(producer, 0, sizeof *producer);
  producer->fail_at = -1;
  stream.get_schema = get_schema;
  stream.get_next = get_next;
  stream.get_last_error = get_last_error;
  stream.release = release_stream;
  stream.private_data = producer;
  return stream;
}

/* ---- in ---- */

static dangbo_registry* registry = NULL;

static dangbo_status add(dangbo_change* change, const char* table,
                         struct ArrowArrayStream* stream) {
  return dangbo_change_add_stream(change, table, strlen(table), stream, "luồng", strlen("luồng"),
                                  &test_error);
}

static void a_stream_is_taken_whole(void) {
  struct producer producer;
  struct ArrowArrayStream stream = stream_of(&producer);
  dangbo_change* change = NULL;
  dangbo_table* problems = NULL;
  uint64_t count = 0;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add(change, "đảng viên", &stream));
  CHECK(stream.release == NULL);
  CHECK_EQ(producer.stream_releases, 1);
  CHECK_EQ(producer.schema_releases, 1);
  CHECK_EQ(producer.array_releases, kBatches);
  /* One value is wrong; rows are numbered through the batches and columns named as they came. */
  CHECK_OK(dangbo_change_check(change, &problems, &count, &test_error));
  CHECK_EQ(count, 1);
  CHECK_TEXT(cell(problems, "row", 0), "5");
  CHECK_TEXT(cell(problems, "file", 0), "luồng");
  CHECK_TEXT(cell(problems, "column", 0), "giới tính");
  CHECK_TEXT(cell(problems, "value", 0), "ufo");
  dangbo_table_free(problems);
  dangbo_change_free(change);
}

/* Also when nothing is taken, the stream is given back once. */
static void a_stream_is_released_on_failure(void) {
  struct producer producer;
  struct ArrowArrayStream stream = stream_of(&producer);
  dangbo_change* change = NULL;
  dangbo_table* problems = NULL;
  uint64_t count = 77;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_FAILS(add(NULL, "members", &stream), DANGBO_E_ARGUMENT);
  CHECK_EQ(producer.stream_releases, 1);
  CHECK_FAILS(add(change, "members", &stream), DANGBO_E_REFUSED); /* released already */
  stream = stream_of(&producer);
  CHECK_FAILS(add(change, "\xC3\x28", &stream), DANGBO_E_ARGUMENT);
  CHECK_EQ(producer.stream_releases, 1);
  stream = stream_of(&producer);
  producer.wrong_type = 1;
  CHECK_FAILS(add(change, "members", &stream), DANGBO_E_REFUSED);
  CHECK_EQ(producer.stream_releases, 1);
  CHECK_EQ(producer.schema_releases, 1);
  CHECK_FAILS(add(change, "members", NULL), DANGBO_E_ARGUMENT);
  CHECK_OK(dangbo_change_check(change, &problems, &count, &test_error));
  CHECK_EQ(count, 0);
  dangbo_table_free(problems);
  dangbo_change_free(change);
}

static void a_failing_source_is_reported(void) {
  static const struct {
    int code;
    dangbo_status status;
  } faults[] = {{EIO, DANGBO_E_REFUSED}, {ECANCELED, DANGBO_E_CANCELLED}};
  size_t i;
  for (i = 0; i < sizeof faults / sizeof *faults; ++i) {
    struct producer producer;
    struct ArrowArrayStream stream = stream_of(&producer);
    dangbo_change* change = NULL;
    dangbo_error* error = NULL;
    producer.fail_at = 1;
    producer.fail_with = faults[i].code;
    CHECK_OK(dangbo_change_create(registry, &change, &test_error));
    CHECK_EQ(dangbo_change_add_stream(change, "members", 7, &stream, NULL, 0, &error),
             faults[i].status);
    CHECK_HAS(dangbo_error_message(error, DANGBO_LANGUAGE_VI), "đường truyền đứt");
    CHECK_EQ(producer.stream_releases, 1);
    CHECK_EQ(producer.array_releases, 1);
    dangbo_error_free(error);
    /* The first batch did not stay: the change is empty, so the commit adds nothing. */
    CHECK_OK(dangbo_registry_commit(registry, change, 9, NULL, 0, NULL, &test_error));
    dangbo_change_free(change);
  }
}

static void an_unknown_table_is_kept_as_a_problem(void) {
  struct producer producer;
  struct ArrowArrayStream stream = stream_of(&producer);
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add(change, "no table", &stream));
  CHECK_FAILS(dangbo_registry_commit(registry, change, 9, NULL, 0, NULL, &test_error),
              DANGBO_E_REFUSED);
  dangbo_change_free(change);
}

/* ---- out ---- */

static int child_of(const struct ArrowSchema* schema, const char* name) {
  int64_t i;
  for (i = 0; i < schema->n_children; ++i) {
    if (strcmp(schema->children[i]->name, name) == 0) return (int)i;
  }
  return -1;
}

static int text_is(const struct ArrowArray* array, int64_t row, const char* want) {
  const int32_t* ends = array->buffers[1];
  const char* bytes = array->buffers[2];
  const size_t size = (size_t)(ends[row + 1] - ends[row]);
  return size == strlen(want) && memcmp(bytes + ends[row], want, size) == 0;
}

static void an_export_outlives_its_table(void) {
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_table* tree = NULL;
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct ArrowArray end;
  int id;
  int below;
  memset(&stream, 0xAB, sizeof stream); /* overwritten whatever it held */
  CHECK_OK(dangbo_view_tree(view, NULL, 0, 0, &tree, &test_error));
  CHECK_OK(dangbo_table_export_stream(tree, &stream, &test_error));
  dangbo_table_free(tree);
  dangbo_view_free(view);
  CHECK_EQ(stream.get_schema(&stream, &schema), 0);
  CHECK_TEXT(schema.format, "+s");
  CHECK_EQ(schema.n_children, 8);
  id = child_of(&schema, "unit_id");
  below = child_of(&schema, "members_below");
  CHECK_TEXT(schema.children[id]->format, "u");
  CHECK_TEXT(schema.children[below]->format, "l");
  CHECK_EQ(stream.get_next(&stream, &array), 0);
  CHECK_EQ(stream.get_next(&stream, &end), 0);
  CHECK(end.release == NULL);
  stream.release(&stream);
  CHECK(stream.release == NULL);
  /* Batches outlive the stream. */
  CHECK_EQ(array.length, 6);
  CHECK_EQ(array.n_children, 8);
  CHECK(text_is(array.children[id], 0, "KHOI"));
  CHECK(text_is(array.children[id], 5, "D2"));
  CHECK_EQ(((const int64_t*)array.children[below]->buffers[1])[0], 3);
  schema.release(&schema);
  array.release(&array);
  CHECK(schema.release == NULL && array.release == NULL);
}

/* What goes out of one registry can come into another. */
static void out_and_in_again(void) {
  dangbo_view* view = small_view(2018, 6, 1);
  dangbo_table* tree = NULL;
  dangbo_registry* other = NULL;
  dangbo_change* change = NULL;
  struct ArrowArrayStream stream;
  uint64_t commit = 0;
  CHECK_OK(dangbo_view_tree(view, NULL, 0, 0, &tree, &test_error));
  CHECK_OK(dangbo_table_export_stream(tree, &stream, &test_error));
  CHECK_OK(dangbo_registry_create(0, &other, &test_error));
  CHECK_OK(dangbo_change_create(other, &change, &test_error));
  CHECK_OK(add(change, "units", &stream));
  CHECK_OK(dangbo_registry_commit(other, change, 1, NULL, 0, &commit, &test_error));
  CHECK_EQ(commit, 1);
  dangbo_change_free(change);
  dangbo_registry_free(other);
  dangbo_table_free(tree);
  dangbo_view_free(view);
}

static void a_failed_export_leaves_nothing(void) {
  struct ArrowArrayStream stream;
  memset(&stream, 0xAB, sizeof stream);
  CHECK_FAILS(dangbo_table_export_stream(NULL, &stream, &test_error), DANGBO_E_ARGUMENT);
  CHECK(stream.release == NULL);
}

int main(void) {
  registry = small_registry();
  a_stream_is_taken_whole();
  a_stream_is_released_on_failure();
  a_failing_source_is_reported();
  an_unknown_table_is_kept_as_a_problem();
  an_export_outlives_its_table();
  out_and_in_again();
  a_failed_export_leaves_nothing();
  dangbo_registry_free(registry);
  return check_result();
}
