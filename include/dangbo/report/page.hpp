// Trang báo cáo: one self-contained HTML page about a unit on a day, drawn by the library: its
// tree, who its members are, grades, a trend, a reorganisation, published figures beside computed
// ones. docs/page.md is its manual.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::report {

// What a page should show, as one JSON document: {"page": 1, "unit": "K", …}. Its form has been
// checked; the unit is looked up by `render_page`. Immutable; copies share.
class PageRequest {
 public:
  // InvalidArgument with one problem a mistake (code kBadQuery, place.column = JSON pointer such as
  // "/trend/from").
  [[nodiscard]] static absl::StatusOr<PageRequest> parse(std::string_view json);

  struct Document;  // of the bodies
  [[nodiscard]] const Document& document() const noexcept { return *document_; }

 private:
  explicit PageRequest(std::shared_ptr<const Document> document) : document_(std::move(document)) {}
  std::shared_ptr<const Document> document_;
};

// The page as HTML (UTF-8): no script is needed to read it, nothing is fetched, the same facts give
// the same bytes. Figures come from rollup queries and View::stock; a page for the public withholds
// counts of sensitive fields (table::Field::sensitive) that are small, below grassroots level, or
// that could be computed from what it shows. What is missing or withheld is said on the page.
// InvalidArgument (kUnknownUnit at "/unit", kBadQuery at "/on", "/trend/from") as
// PageRequest::parse says. Costs about twenty queries, and one count of the stock for each month of
// the trend. At most 6 000 units are drawn; what is left out is counted and said. Any thread.
[[nodiscard]] absl::StatusOr<std::string> render_page(const registry::View& view,
                                                      const PageRequest& request);

}  // namespace dangbo::inline v1::report
