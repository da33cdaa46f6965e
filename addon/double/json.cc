#include "json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <type_traits>

#include "json_escapes.h"
#include "utf8.h"

namespace darwin_double::json {
namespace {

static_assert(std::is_trivially_destructible_v<Value> && std::is_trivially_destructible_v<Member>);

constexpr int kMaxDepth = 64;
constexpr size_t kMaxBytes = UINT32_MAX;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  Parser(std::string_view text, Document& document)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), document_(document) {}

  bool document(Value& root) {
    if (!value(root, 0)) return false;
    skip_blanks();
    return at_ == end_ || fail("something follows the end of the document");
  }

  std::string error() const {
    size_t line = 1;
    const char* start = begin_;
    for (const char* c = begin_; c < at_; c++) {
      if (*c != '\n') continue;
      line++;
      start = c + 1;
    }
    return std::to_string(line) + ":" + std::to_string(at_ - start + 1) + ": " + what_;
  }

 private:
  bool fail(const char* what) {
    what_ = what;
    return false;
  }

  void skip_blanks() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) at_++;
  }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    at_++;
    return true;
  }

  bool value(Value& value, int depth) {
    if (depth > kMaxDepth) return fail("nested too deep");
    skip_blanks();
    if (at_ == end_) return fail("a value is missing");
    switch (*at_) {
      case '{':
        return object(value, depth);
      case '[':
        return array(value, depth);
      case '"': {
        std::string_view text;
        if (!string(text)) return false;
        value.kind = Value::Kind::text;
        value.size = static_cast<uint32_t>(text.size());
        value.bytes = text.data();
        return true;
      }
      case 't':
        value.kind = Value::Kind::boolean;
        value.boolean = true;
        return word("true");
      case 'f':
        value.kind = Value::Kind::boolean;
        value.boolean = false;
        return word("false");
      case 'n':
        return word("null");
      default:
        return number(value);
    }
  }

  bool word(std::string_view expected) {
    if (std::string_view(at_, static_cast<size_t>(end_ - at_)).substr(0, expected.size()) != expected)
      return fail("not a value");
    at_ += expected.size();
    return true;
  }

  bool array(Value& value, int depth) {
    at_++;
    const size_t first = items_.size();
    skip_blanks();
    if (!take(']')) {
      do {
        Value item;
        if (!this->value(item, depth + 1)) return false;
        items_.push_back(item);
        skip_blanks();
      } while (take(','));
      if (!take(']')) return fail("expected , or ]");
    }
    value.kind = Value::Kind::array;
    value.items = keep(items_, first, value.size);
    return true;
  }

  bool object(Value& value, int depth) {
    at_++;
    const size_t first = members_.size();
    skip_blanks();
    if (!take('}')) {
      do {
        Member member;
        skip_blanks();
        if (at_ == end_ || *at_ != '"') return fail("expected a member's name");
        if (!string(member.name)) return false;
        skip_blanks();
        if (!take(':')) return fail("expected :");
        if (!this->value(member.value, depth + 1)) return false;
        members_.push_back(member);
        skip_blanks();
      } while (take(','));
      if (!take('}')) return fail("expected , or }");
    }
    value.kind = Value::Kind::object;
    value.members = keep(members_, first, value.size);
    return true;
  }

  // Moves what a finished array or object pushed from the shared stack into the document.
  template <class T>
  const T* keep(std::vector<T>& stack, size_t first, uint32_t& size) {
    const size_t count = stack.size() - first;
    size = static_cast<uint32_t>(count);
    T* kept = static_cast<T*>(document_.allocate(count * sizeof(T)));
    std::uninitialized_copy(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end(), kept);
    stack.resize(first);
    return kept;
  }

  bool number(Value& value) {
    const char* const start = at_;
    take('-');
    if (take('0')) {
      if (at_ < end_ && is_digit(*at_)) return fail("a number starts with 0");
    } else if (!digits()) {
      return fail("not a value");
    }
    bool whole = true;
    if (take('.')) {
      whole = false;
      if (!digits()) return fail("a digit is missing");
    }
    if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
      whole = false;
      at_++;
      if (!take('+')) take('-');
      if (!digits()) return fail("a digit is missing");
    }
    if (whole) {
      value.kind = Value::Kind::integer;
      if (std::from_chars(start, at_, value.integer).ec == std::errc()) return true;
      value.kind = Value::Kind::natural;
      if (std::from_chars(start, at_, value.natural).ec == std::errc()) return true;
    }
    value.kind = Value::Kind::real;
    // Apple's libc++ has no from_chars of these. Node stays in the C locale.
    value.real = std::strtod(std::string(start, at_).c_str(), nullptr);
    if (std::isfinite(value.real)) return true;
    at_ = start;
    return fail("the number is out of range");
  }

  bool digits() {
    const char* const start = at_;
    while (at_ < end_ && is_digit(*at_)) at_++;
    return at_ > start;
  }

  bool string(std::string_view& text) {
    const char* const start = ++at_;
    bool plain = true;
    while (at_ < end_ && *at_ != '"') {
      if (static_cast<unsigned char>(*at_) < 0x20) return fail("a control character in a string");
      if (*at_ == '\\') {
        plain = false;
        at_++;
        if (at_ == end_) break;
      }
      at_++;
    }
    if (at_ == end_) return fail("a string without an end");
    text = {start, static_cast<size_t>(at_ - start)};
    at_++;
    if (!is_utf8(text)) return fail("a string that is not UTF-8");
    char* const kept = static_cast<char*>(document_.allocate(text.size()));
    std::copy(text.begin(), text.end(), kept);
    size_t size = text.size();
    if (!plain && !unescape(kept, size)) return fail("not an escape");
    text = {kept, size};
    return true;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  Document& document_;
  const char* what_ = nullptr;
  std::vector<Value> items_;
  std::vector<Member> members_;
};

}  // namespace

bool Document::parse(std::string_view text, std::string& error) {
  if (text.size() > kMaxBytes) {
    error = "1:1: the file is too long";
    return false;
  }
  Parser parser(text, *this);
  if (parser.document(root_)) return true;
  error = parser.error();
  return false;
}

void* Document::allocate(size_t bytes) {
  constexpr size_t kBlock = 256 * 1024;
  bytes = (bytes + alignof(Value) - 1) / alignof(Value) * alignof(Value);
  if (bytes > left_) {
    left_ = bytes > kBlock ? bytes : kBlock;
    blocks_.emplace_back(new char[left_]);
    free_ = blocks_.back().get();
  }
  void* const room = free_;
  free_ += bytes;
  left_ -= bytes;
  return room;
}

}  // namespace darwin_double::json
