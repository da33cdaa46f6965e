#include "reader.h"

#include <algorithm>
#include <charconv>

namespace darwin_double {
namespace {

using Kind = json::Value::Kind;

constexpr json::Value kNull{};

bool parse_integer(std::string_view text, int64_t& integer) {
  const char* const end = text.data() + text.size();
  if (const auto [at, error] = std::from_chars(text.data(), end, integer); error == std::errc() && at == end)
    return true;
  uint64_t natural = 0;
  const auto [at, error] = std::from_chars(text.data(), end, natural);
  integer = static_cast<int64_t>(natural);
  return error == std::errc() && at == end;
}

}  // namespace

Node Node::member(std::string_view name) const {
  const auto found =
      std::find_if(begin(), end(), [name](const json::Member& member) { return member.name == name; });
  return Node(found == end() ? kNull : found->value, *this, name, 0);
}

Node Node::item(size_t index) const {
  return Node(index < size() ? value_->items[index] : kNull, *this, {}, index);
}

bool Node::object(std::initializer_list<std::string_view> known) const {
  if (!object()) return false;
  for (const json::Member& member : *this) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    value(member).complain("not a known member");
    return false;
  }
  return true;
}

bool Node::object() const {
  if (is(Kind::object)) return true;
  complain("expected an object");
  return false;
}

bool Node::array() const {
  if (is(Kind::array)) return true;
  complain("expected an array");
  return false;
}

bool Node::array(size_t size, const char* of) const {
  if (!array()) return false;
  if (this->size() == size) return true;
  complain("expected " + std::to_string(size) + " items: " + of);
  return false;
}

std::string_view Node::text() const {
  if (is(Kind::text)) return value_->text();
  complain("expected a string");
  return {};
}

bool Node::boolean(bool otherwise) const {
  if (!exists()) return otherwise;
  if (is(Kind::boolean)) return value_->boolean;
  complain("expected true or false");
  return otherwise;
}

double Node::number() const {
  if (is(Kind::real)) return value_->real;
  if (is(Kind::natural)) return static_cast<double>(value_->natural);
  return static_cast<double>(integer());
}

int64_t Node::integer() const {
  int64_t integer = 0;
  if (is(Kind::integer)) return value_->integer;
  if (is(Kind::natural)) return static_cast<int64_t>(value_->natural);
  if (is(Kind::text) && parse_integer(value_->text(), integer)) return integer;
  complain("expected an integer");
  return 0;
}

int64_t Node::integer(int64_t least, int64_t most) const {
  const int64_t integer = this->integer();
  if (integer >= least && integer <= most) return integer;
  complain("expected " + std::to_string(least) + " to " + std::to_string(most));
  return least;
}

void Node::complain(const std::string& what) const {
  if (errors_->none()) errors_->first = path() + ": " + what;
}

std::string Node::path() const {
  std::vector<const Node*> nodes;
  for (const Node* node = this; node->parent_; node = node->parent_) nodes.push_back(node);
  std::string path;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if ((*node)->parent_->is(Kind::array)) {
      path += "[" + std::to_string((*node)->index_) + "]";
    } else {
      if (!path.empty()) path += ".";
      path += (*node)->name_;
    }
  }
  return path.empty() ? "the file" : path;
}

}  // namespace darwin_double
