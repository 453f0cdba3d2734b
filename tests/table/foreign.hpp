// A producer of Arrow tables that is not ours: every member of every struct can be set, and
// releases are counted.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/table/arrow/abi.h"

namespace dangbo::table::foreign {

struct Node {
  ArrowSchema schema{};
  ArrowArray array{};
  std::string format;
  std::string name;
  std::vector<const void*> buffers;
};

// One batch. Only the two base structs may be released by a consumer; a release of a child counts
// as misuse.
class Batch {
 public:
  explicit Batch(std::int64_t rows) {
    root_.format = "+s";
    root_.buffers = {nullptr};
    seal(root_, rows);
    root_.schema.release = [](ArrowSchema* schema) {
      ++*static_cast<int*>(schema->private_data);
      schema->release = nullptr;
    };
    root_.array.release = [](ArrowArray* array) {
      ++*static_cast<int*>(array->private_data);
      array->release = nullptr;
    };
    root_.schema.private_data = &schema_releases;
    root_.array.private_data = &array_releases;
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  // A child of the batch's length; change what comes back to make it hostile.
  Node& add(std::string name, std::string format, std::vector<const void*> buffers) {
    Node& node = make(std::move(name), std::move(format), std::move(buffers), root_.array.length);
    schemas_.push_back(&node.schema);
    arrays_.push_back(&node.array);
    root_.schema.n_children = root_.array.n_children = static_cast<std::int64_t>(arrays_.size());
    root_.schema.children = schemas_.data();
    root_.array.children = arrays_.data();
    return node;
  }
  Node& add_dictionary(Node& to, std::string format, std::vector<const void*> buffers,
                       std::int64_t length) {
    Node& node = make("", std::move(format), std::move(buffers), length);
    to.schema.dictionary = &node.schema;
    to.array.dictionary = &node.array;
    return node;
  }
  ArrowSchema* schema() { return &root_.schema; }
  ArrowArray* array() { return &root_.array; }
  Node& root() { return root_; }

  int schema_releases = 0;
  int array_releases = 0;
  int misuse = 0;

 private:
  void seal(Node& node, std::int64_t rows) {
    node.schema.format = node.format.c_str();
    node.schema.name = node.name.c_str();
    node.schema.flags = ARROW_FLAG_NULLABLE;
    node.schema.private_data = &misuse;
    node.schema.release = [](ArrowSchema* schema) { ++*static_cast<int*>(schema->private_data); };
    node.array.length = rows;
    node.array.null_count = -1;
    node.array.n_buffers = static_cast<std::int64_t>(node.buffers.size());
    node.array.buffers = node.buffers.data();
    node.array.private_data = &misuse;
    node.array.release = [](ArrowArray* array) { ++*static_cast<int*>(array->private_data); };
  }
  Node& make(std::string name, std::string format, std::vector<const void*> buffers,
             std::int64_t rows) {
    Node& node = nodes_.emplace_back();
    node.name = std::move(name);
    node.format = std::move(format);
    node.buffers = std::move(buffers);
    seal(node, rows);
    return node;
  }

  Node root_;
  std::deque<Node> nodes_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
};

}  // namespace dangbo::table::foreign
