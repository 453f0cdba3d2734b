#include <dangbo.h>
#include <stdio.h>

int main(void) {
  puts(dangbo_version_text());
  return 0;
}
