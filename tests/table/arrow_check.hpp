// Walks an exported Arrow table and lists everything the specification, or our own promise, does
// not allow.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/table/arrow/abi.h"

namespace dangbo::table::arrow_check {

using Faults = std::vector<std::string>;

inline bool bit(const void* bits, std::int64_t at) {
  return ((static_cast<const unsigned char*>(bits)[at / 8] >> (at % 8)) & 1) != 0;
}

inline std::int32_t narrow(const void* buffer, std::int64_t at) {
  return static_cast<const std::int32_t*>(buffer)[at];
}

class Checker {
 public:
  // A whole table: schema and one batch of it.
  Faults table(const ArrowSchema& schema, const ArrowArray& array) {
    where_ = "table";
    require(schema.release != nullptr && array.release != nullptr, "released");
    require(std::string_view(schema.format) == "+s", "format is not +s");
    require(schema.dictionary == nullptr && array.dictionary == nullptr, "dictionary at the top");
    require(array.n_buffers == 1 && array.buffers != nullptr, "a struct has one buffer");
    require(array.null_count == 0 && array.offset == 0 && array.length >= 0, "shape of the top");
    require(array.n_buffers != 1 || array.buffers[0] == nullptr, "validity at the top");
    require(schema.n_children == array.n_children, "numbers of children differ");
    metadata(schema);
    for (std::int64_t index = 0; index < schema.n_children; ++index) {
      const ArrowSchema& type = *schema.children[index];
      const ArrowArray& values = *array.children[index];
      where_ = type.name == nullptr ? "(no name)" : type.name;
      require(type.name != nullptr, "a column without a name");
      require(type.flags == ARROW_FLAG_NULLABLE, "columns are nullable and nothing else");
      require(values.length == array.length, "a column of another length");
      column(type, values);
    }
    return std::move(faults_);
  }

 private:
  void require(bool condition, const char* fault) {
    if (!condition) {
      faults_.push_back(where_ + ": " + fault);
    }
  }

  void metadata(const ArrowSchema& schema) {
    if (schema.metadata == nullptr) {
      return;
    }
    const char* at = schema.metadata;
    const auto number = [&] {
      std::int32_t value = 0;
      std::memcpy(&value, at, sizeof value);
      at += sizeof value;
      return value;
    };
    const std::int32_t pairs = number();
    require(pairs > 0 && pairs < 1000, "number of metadata pairs");
    for (std::int32_t left = pairs * 2; left > 0 && faults_.empty(); --left) {
      const std::int32_t size = number();
      require(size >= 0 && size < 100'000, "metadata size");
      require(!base::first_bad_utf8({at, static_cast<std::size_t>(size)}), "metadata is not UTF-8");
      at += size;
    }
  }

  void column(const ArrowSchema& type, const ArrowArray& values) {
    require(type.release != nullptr && values.release != nullptr, "released");
    require(type.n_children == 0 && values.n_children == 0, "children");
    require(values.offset == 0, "offset is not 0");
    require(values.buffers != nullptr, "no buffers");
    require((type.dictionary == nullptr) == (values.dictionary == nullptr), "half a dictionary");
    if (values.buffers == nullptr) {
      return;
    }
    validity(values);
    const std::string_view format = type.format;
    if (format == "u") {
      text(values);
    } else if (format == "i" || format == "tdD" || format == "l" || format == "g" ||
               format == "b") {
      require(values.n_buffers == 2, "a fixed-width column has two buffers");
      require(values.buffers[1] != nullptr, "no values");
      if (values.buffers[1] != nullptr) {
        touch(format, values);
      }
    } else {
      require(false, "a format we do not emit");
    }
    if (type.dictionary != nullptr) {
      require(format == "i", "the indexes are not int32");
      dictionary(*type.dictionary, values);
    }
  }

  void validity(const ArrowArray& values) {
    require(values.null_count >= 0 && values.null_count <= values.length, "null count");
    require(values.null_count == 0 || values.buffers[0] != nullptr, "nulls without validity");
    if (values.buffers[0] == nullptr) {
      return;
    }
    std::int64_t missing = 0;
    for (std::int64_t row = 0; row < values.length; ++row) {
      missing += bit(values.buffers[0], row) ? 0 : 1;
    }
    require(missing == values.null_count, "null count and validity differ");
  }

  // Reads every byte, so that a sanitizer sees a buffer that is too short.
  void touch(std::string_view format, const ArrowArray& values) {
    const std::int64_t width = format == "l" || format == "g" ? 8 : 4;
    const std::int64_t bytes = format == "b" ? (values.length + 7) / 8 : values.length * width;
    unsigned sum = 0;
    for (std::int64_t at = 0; at < bytes; ++at) {
      sum += static_cast<const unsigned char*>(values.buffers[1])[at];
    }
    sum_ += sum;
    if (format == "b" && values.length % 8 != 0) {
      const unsigned last = static_cast<const unsigned char*>(values.buffers[1])[bytes - 1];
      require(last >> (values.length % 8) == 0, "stale bits behind the last value");
    }
  }

  void text(const ArrowArray& values) {
    require(values.n_buffers == 3, "text has three buffers");
    require(values.buffers[1] != nullptr, "text without offsets");
    if (values.n_buffers != 3 || values.buffers[1] == nullptr) {
      return;
    }
    std::int32_t begin = narrow(values.buffers[1], 0);
    require(begin >= 0, "a negative offset");
    for (std::int64_t row = 0; row < values.length; ++row) {
      const std::int32_t end = narrow(values.buffers[1], row + 1);
      require(end >= begin, "offsets go backwards");
      require(end == begin || values.buffers[2] != nullptr, "text without bytes");
      if (end > begin) {
        const char* bytes = static_cast<const char*>(values.buffers[2]) + begin;
        require(!base::first_bad_utf8({bytes, static_cast<std::size_t>(end - begin)}), "not UTF-8");
      }
      begin = end;
    }
  }

  void dictionary(const ArrowSchema& type, const ArrowArray& values) {
    const ArrowArray& words = *values.dictionary;
    require(type.release != nullptr && words.release != nullptr, "released dictionary");
    require(std::string_view(type.format) == "u", "words are not text");
    require(type.dictionary == nullptr && words.dictionary == nullptr,
            "dictionary in a dictionary");
    require(words.null_count == 0 && words.offset == 0, "shape of the dictionary");
    text(words);
    for (std::int64_t row = 0; row < values.length; ++row) {
      if (values.buffers[0] == nullptr || bit(values.buffers[0], row)) {
        const std::int32_t index = narrow(values.buffers[1], row);
        require(index >= 0 && index < words.length, "an index outside the dictionary");
      }
    }
  }

  std::string where_;
  Faults faults_;
  unsigned sum_ = 0;
};

inline Faults check(const ArrowSchema& schema, const ArrowArray& array) {
  return Checker().table(schema, array);
}

}  // namespace dangbo::table::arrow_check
