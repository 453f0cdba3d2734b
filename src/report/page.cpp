// The shell: head, mark of invented data, contents, sections, script.
#include "dangbo/report/page.hpp"

#include <array>
#include <cstdint>

#include "report/assets.hpp"
#include "report/html.hpp"
#include "report/request.hpp"

namespace dangbo::inline v1::report {

namespace {

// A digest in hexadecimal as base64, which is how a policy names a script.
std::string base64(std::string_view hexadecimal) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : hexadecimal) {
    bits = bits << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    held += 4;
    if (held < 6) continue;
    held -= 6;
    out += kLetters[bits >> held & 63U];
  }
  if (held > 0) out += kLetters[bits << (6 - held) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string title_of(const Context& context) {
  const Wording& say = context.say;
  if (!context.model.title.empty()) return clean(context.model.title, kNameLimit);
  return say("Toàn bộ dữ liệu", "All of the data");
}

std::string title_html(const Context& context) {
  const std::string title = title_of(context);
  return context.model.title.empty() ? base::escape_html(title) : bdi(context, title, kNameLimit);
}

std::string head(const Context& context) {
  const Wording& say = context.say;
  // Nothing is fetched, and no script runs but this one, whatever a name may hold.
  const std::string policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" +
                             base64(page_script_digest()) +
                             "'; base-uri 'none'; form-action 'none'";
  return std::string(
             "<head><meta charset=\"utf-8\"/><meta http-equiv=\"Content-Security-Policy\" "
             "content=\"") +
         base::escape_html(policy) +
         "\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><meta "
         "name=\"generator\" content=\"dangbo\"/><meta name=\"robots\" "
         "content=\"noindex\"/><title>" +
         base::escape_html(title_of(context) + ", " + say.date(context.model.view.day())) +
         "</title><style>" + std::string(page_style()) + "</style></head>";
}

// Patterns by which what is not recorded or not shown differs without colour.
constexpr std::string_view kPatterns =
    "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
    "<pattern id=\"p-miss\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" class=\"p-ground\"/><rect "
    "width=\"2\" height=\"6\" class=\"p-line\"/></pattern>"
    "<pattern id=\"p-hid\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect "
    "width=\"5\" height=\"5\" class=\"p-ground\"/><circle cx=\"2\" cy=\"2\" r=\"1\" "
    "class=\"p-line\"/></pattern></defs></svg>";

std::string running_mark(const Context& context) {
  if (!context.model.is_synthetic) return {};
  return context.say("Dữ liệu mô phỏng: người và tổ chức ở đây không có thật",
                     "Synthetic data: no person or organisation here is real");
}

// Stands at the top ("thead") and the bottom ("tfoot") of every printed page.
std::string running(const Context& context, const char* classes) {
  const std::string mark = running_mark(context);
  return std::string("<div class=\"running ") + classes + "\" aria-hidden=\"true\"><span>" +
         title_html(context) + " · " +
         base::escape_html(context.say.date(context.model.view.day())) + "</span>" +
         (mark.empty() ? std::string() : "<strong>" + mark + "</strong>") + "</div>";
}

std::string masthead(const Context& context) {
  const Wording& say = context.say;
  const Model& model = context.model;
  std::string out;
  const std::string mark = running_mark(context);
  if (!mark.empty()) {
    out += "<p class=\"synthetic\" id=\"synthetic\" role=\"note\"><strong>" + context.mark() +
           "</strong> " + base::escape_html(mark) + ".</p>";
  }
  out += "<header class=\"mast\"><p class=\"eyebrow\">" +
         say("Báo cáo tổ chức và đảng viên", "Report on units and members") + "</p><h1>" +
         title_html(context) + "</h1><p class=\"when\"><span>" +
         say("Số liệu ngày ", "Figures of ") + "<time datetime=\"" + model.view.day().to_string() +
         "\">" + base::escape_html(say.date(model.view.day())) + "</time></span><span>" +
         say("theo dữ liệu biết đến lần ghi ", "as known at commit ") +
         std::to_string(base::index_of(model.view.known_at())) + "</span><span>" +
         (model.is_public() ? say("bản công khai", "for the public")
                            : say("bản nội bộ, không công bố", "internal, not for publication")) +
         "</span></p></header>";
  return out;
}

struct Drawn {
  Part part;
  base::Message title;
  std::string html;
};

std::string contents(const Context& context, const std::vector<Drawn>& sections) {
  std::string out = "<nav class=\"contents\" aria-label=\"" +
                    context.say("Các phần", "Parts of the page") + "\"><ul>";
  for (const Drawn& drawn : sections) {
    if (drawn.html.empty()) continue;
    out += "<li><a href=\"#" + std::string(word_of(drawn.part)) + "\">" +
           base::escape_html(context.say(drawn.title)) + "</a></li>";
  }
  return out + "</ul></nav>";
}

}  // namespace

absl::StatusOr<std::string> render_page(const registry::View& view, const PageRequest& request) {
  const auto model = gather(view, request.document());
  if (!model.ok()) return model.status();
  const Context context{**model, Wording(request.document().language)};
  using Draw = std::string (*)(const Context&);
  struct Plan {
    Part part;
    base::Message title;
    Draw draw;
  };
  const std::array<Plan, kPartCount> plans = {{
      {Part::kOverview, {"Tổng quan", "Overview"}, overview_section},
      {Part::kUnits, {"Cây tổ chức", "Units"}, units_section},
      {Part::kComposition, {"Cơ cấu", "Members"}, composition_section},
      {Part::kGrades, {"Xếp loại", "Grades"}, grades_section},
      {Part::kTrend, {"Xu hướng", "Trend"}, trend_section},
      {Part::kMovements, {"Tăng, giảm", "Movement"}, movements_section},
      {Part::kReorganisation, {"Sắp xếp", "Reorganisation"}, reorganisation_section},
      {Part::kPublished, {"Số đã công bố", "Published"}, published_section},
      {Part::kNotes, {"Ghi chú", "Notes"}, notes_section},
  }};
  std::vector<Drawn> sections;
  for (const Plan& plan : plans) {
    if (!request.document().has(plan.part)) continue;
    sections.push_back({plan.part, plan.title, plan.draw(context)});
  }
  std::string out = "<!DOCTYPE html>\n<html lang=\"" + std::string(context.say.code()) +
                    "\" data-day=\"" + view.day().to_string() + "\" data-audience=\"" +
                    (context.model.is_public() ? "public" : "internal") + "\" data-synthetic=\"" +
                    (context.model.is_synthetic ? "true" : "false") + "\">" + head(context) +
                    "<body>" + std::string(kPatterns) + running(context, "thead") +
                    "<div class=\"page\">" + masthead(context) + contents(context, sections) +
                    "<main>";
  for (const Drawn& drawn : sections) out += drawn.html;
  out += "</main></div>" + running(context, "tfoot") + "<div id=\"tip\" hidden=\"hidden\"></div>" +
         "<script>" + std::string(page_script()) + "</script></body></html>\n";
  return out;
}

}  // namespace dangbo::inline v1::report
