/* Members by sex on a day. Run beside examples/, or give a folder of CSV files. */
#include <stdio.h>
#include <string.h>

#include "dangbo.h"

int main(int argc, char** argv) {
  const char* folder = argc > 1 ? argv[1] : "examples/khoi_2020";
  const char* query = "{\"query\":1,\"of\":\"members\",\"on\":\"2020-11-30\",\"by\":[\"sex\"]}";
  dangbo_registry* registry = NULL;
  dangbo_change* change = NULL;
  dangbo_snapshot* snapshot = NULL;
  dangbo_table* result = NULL;
  dangbo_text* text = NULL;
  dangbo_error* error = NULL;

  dangbo_status status = dangbo_registry_create(0, &registry, &error);
  if (!status) status = dangbo_change_create(registry, &change, &error);
  if (!status) status = dangbo_change_add_path(change, folder, strlen(folder), NULL, NULL, &error);
  if (!status) status = dangbo_registry_commit(registry, change, 0, "", 0, NULL, &error);
  if (!status) status = dangbo_registry_snapshot(registry, &snapshot, &error);
  if (!status) status = dangbo_snapshot_query(snapshot, query, strlen(query), &result, &error);
  if (!status) {
    status = dangbo_table_format(result, DANGBO_FORMAT_TEXT, DANGBO_LANGUAGE_VI, &text, &error);
  }
  if (!status) fputs(dangbo_text_data(text, NULL), stdout);
  if (status) fprintf(stderr, "%s\n", dangbo_error_message(error, DANGBO_LANGUAGE_VI));

  dangbo_text_free(text); /* freeing NULL does nothing */
  dangbo_table_free(result);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
  dangbo_error_free(error);
  return status ? 1 : 0;
}
