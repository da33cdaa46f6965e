// What a source says of its facility when all of it is asked for: a tree in the shape of that section of a
// machine file, with the values of one moment. Integers are exact here, unlike in a Reading.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace metalstat {

struct Raw {
  using List = std::vector<Raw>;
  using Dict = std::vector<std::pair<std::string, Raw>>;  // in this order
  enum class Kind : uint8_t { null, boolean, integer, natural, real, text, list, dict };

  Kind kind = Kind::null;
  uint64_t bits = 0;  // of a boolean or a number: a signed one in two's complement
  double number = 0;
  std::string text;
  List items;
  Dict members;

  Raw() = default;
  Raw(bool value) : kind(Kind::boolean), bits(value) {}
  Raw(int value) : Raw(int64_t{value}) {}
  Raw(int64_t value) : kind(Kind::integer), bits(static_cast<uint64_t>(value)) {}
  Raw(uint64_t value) : kind(Kind::natural), bits(value) {}
  Raw(uint32_t value) : Raw(uint64_t{value}) {}
  Raw(double value) : kind(Kind::real), number(value) {}
  Raw(const char* value) : Raw(std::string(value)) {}
  Raw(std::string value) : kind(Kind::text), text(std::move(value)) {}
  Raw(List value) : kind(Kind::list), items(std::move(value)) {}
  Raw(Dict value) : kind(Kind::dict), members(std::move(value)) {}

  bool exists() const { return kind != Kind::null; }
};

constexpr char kDigits[] = "0123456789abcdef";

inline std::string hexadecimal(const uint8_t* bytes, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; i++) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text;
}

// 16 digits.
inline std::string hexadecimal(uint64_t id) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text.push_back(kDigits[id >> shift & 15]);
  return text;
}

}  // namespace metalstat
