// A small JSON reader: integers are exact up to 64 bits, text is checked UTF-8, and any input is survived.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace darwin_double::json {

struct Member;

// Small and trivially destructible: what it points to belongs to its Document.
struct Value {
  // An integer that fits int64_t is `integer`, one that only fits uint64_t is `natural`.
  enum class Kind : uint8_t { null, boolean, integer, natural, real, text, array, object };

  Kind kind = Kind::null;
  uint32_t size = 0;  // bytes of a text, items of an array, members of an object
  union {
    bool boolean;
    int64_t integer = 0;
    uint64_t natural;
    double real;
    const char* bytes;
    const Value* items;
    const Member* members;
  };

  std::string_view text() const { return {bytes, size}; }
};

struct Member {
  std::string_view name;
  Value value;
};

// Owns everything a parse produced; lives as long as its values are used.
class Document {
 public:
  // False with "line:column: what is wrong" in `error`.
  bool parse(std::string_view text, std::string& error);
  const Value& root() const { return root_; }

  // Room for trivially destructible things that live as long as the document.
  void* allocate(size_t bytes);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  size_t left_ = 0;
  Value root_;
};

}  // namespace darwin_double::json
