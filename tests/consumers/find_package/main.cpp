#include <dangbo/time/date.hpp>

#include <cstdio>

int main() {
  const auto day = dangbo::time::Date::from_ymd(2024, 2, 29);
  std::puts(day ? day->to_string().c_str() : "no such day");
  return 0;
}
