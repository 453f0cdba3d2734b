#include "load/extra_columns.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace dangbo::inline v1::load::detail {

namespace {

bool is_json_object(std::string_view text) {
  return text.starts_with('{') && nlohmann::json::accept(text.begin(), text.end());
}

std::string key_of(std::string_view name) {
  std::string key;
  append_json_string(key, name);
  key += ':';
  return key;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char byte : text) {
    const auto value = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += byte;
    } else if (byte == '\n') {
      out += "\\n";
    } else if (value < 0x20) {
      out += "\\u00";
      out += kDigits[value >> 4];
      out += kDigits[value & 0xFU];
    } else {
      out += byte;
    }
  }
  out += '"';
}

ExtraColumns::ExtraColumns(const Header& header, std::optional<std::size_t> extra_field) {
  std::vector<std::string> names;
  for (std::size_t column = 0; column < header.columns.size(); ++column) {
    const HeaderColumn& head = header.columns[column];
    if (head.field) {
      if (head.field == extra_field) {
        carried_ = column;
        carried_key_ = key_of(head.name);
      }
      continue;
    }
    std::string name = head.name.empty() ? "cột " + std::to_string(column + 1) : head.name;
    // Two values under one key would lose one.
    const std::string wanted = name;
    for (int copy = 2; std::find(names.begin(), names.end(), name) != names.end(); ++copy) {
      name = wanted + " (" + std::to_string(copy) + ")";
    }
    columns_.push_back({column, key_of(name)});
    names.push_back(std::move(name));
  }
}

void ExtraColumns::add(std::string_view key, std::string_view value) {
  object_ += object_.size() > 1 ? "," : "";
  object_ += key;
  append_json_string(object_, value);
}

std::string_view ExtraColumns::object_of(std::span<const std::string_view> fields) {
  object_ = "{";
  if (carried_) {
    const std::string_view value = trimmed(fields[*carried_]);
    if (is_json_object(value)) {
      object_ = trimmed(value.substr(0, value.size() - 1));
    } else if (!value.empty()) {
      add(carried_key_, value);
    }
  }
  for (const Unknown& unknown : columns_) {
    if (unknown.column >= fields.size()) break;
    const std::string_view value = trimmed(fields[unknown.column]);
    if (!value.empty()) add(unknown.key, value);
  }
  if (object_.size() == 1) return {};
  object_ += '}';
  return object_;
}

}  // namespace dangbo::inline v1::load::detail
