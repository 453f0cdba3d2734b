#include <gtest/gtest.h>

#include <string>

#include "dangbo/expr/expression.hpp"

namespace dangbo {
namespace {

std::string formatted(const std::string& text) {
  const auto out = expr::format(text);
  EXPECT_TRUE(out.ok()) << text << ": " << out.status();
  return out.ok() ? *out : std::string();
}

TEST(Format, OneLayout) {
  EXPECT_EQ(formatted("a+b*-c"), "a + b * -c");
  EXPECT_EQ(formatted("a?b :c"), "a ? b : c");
  EXPECT_EQ(formatted("{ 'a' :1,'b':x?y:z }"), "{'a': 1, 'b': x ? y : z}");
  EXPECT_EQ(formatted("f ( x ) . y [ 0 ]in[1,2]"), "f(x).y[0] in [1, 2]");
  EXPECT_EQ(formatted("! a&&- 1<b"), "!a && -1 < b");
  EXPECT_EQ(formatted("// why\na // because\n&& b"), "// why\na  // because\n    && b");
  // Only a line feed ends a comment.
  EXPECT_EQ(formatted("a // 1\r+ 2\r\n+ b"), "a  // 1\r+ 2\n    + b");
}

TEST(Format, TwiceChangesNothing) {
  std::string text = "// first\nself.name == 'a' && // second\n(self.age>3||x) && ";
  text +=
      "self.members.exists(m, m.age > 30 && m.name.startsWith('b')) && other_name_of_a_thing != 4";
  const std::string once = formatted(text);
  EXPECT_EQ(formatted(once), once);
  EXPECT_NE(once.find("// second"), std::string::npos);
  EXPECT_FALSE(expr::format("1 +").ok());
}

}  // namespace
}  // namespace dangbo
