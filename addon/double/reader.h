// Typed access to parsed JSON. The first mistake is kept with its path; what is read after it are harmless
// defaults, so that code reading a file needs no check at every step.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "json.h"
#include "values.h"

namespace darwin_double {

struct Errors {
  std::string first;
  bool none() const { return first.empty(); }
};

// A value and how it was reached. It refers to its parent, so it lives only while the parent does.
class Node {
 public:
  Node(const json::Value& root, Errors& errors) : value_(&root), errors_(&errors) {}

  // The value of a member, or a null if there is none.
  Node member(std::string_view name) const;
  Node item(size_t index) const;
  Node value(const json::Member& member) const { return Node(member.value, *this, member.name, 0); }

  bool exists() const { return value_->kind != json::Value::Kind::null; }
  bool is(json::Value::Kind kind) const { return value_->kind == kind; }
  // Of an array, else 0; and of an object.
  size_t size() const { return is(json::Value::Kind::array) ? value_->size : 0; }
  const json::Member* begin() const { return is(json::Value::Kind::object) ? value_->members : nullptr; }
  const json::Member* end() const { return begin() ? begin() + value_->size : nullptr; }

  // These complain if the value is not what is asked for.
  bool object(std::initializer_list<std::string_view> known) const;
  bool object() const;
  bool array() const;
  bool array(size_t size, const char* of) const;
  std::string_view text() const;
  bool boolean(bool otherwise) const;
  double number() const;
  // Integers above 2^53 may be decimal strings. The bits of a uint64_t above INT64_MAX are kept.
  int64_t integer() const;
  int64_t integer(int64_t least, int64_t most) const;

  void complain(const std::string& what) const;

 private:
  Node(const json::Value& value, const Node& parent, std::string_view name, size_t index)
      : value_(&value), errors_(parent.errors_), parent_(&parent), name_(name), index_(index) {}
  std::string path() const;

  const json::Value* value_;
  Errors* errors_;
  const Node* parent_ = nullptr;
  std::string_view name_;
  size_t index_ = 0;
};

}  // namespace darwin_double
