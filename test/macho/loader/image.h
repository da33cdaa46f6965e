// A Mach-O bundle of the running machine's own architecture, mapped and bound.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

class Image {
 public:
  using Resolve = std::function<void*(const std::string& name)>;

  // False with what is wrong. The memory is never unmapped: threads of the image may run for ever.
  bool load(const std::string& path, const Resolve& resolve, std::string& error);

  // An exported symbol; NULL if there is none.
  void* find(const std::string& name) const;

 private:
  struct Segment {
    uint64_t address, size, file_offset, file_size;
  };
  struct Range {
    uint64_t offset = 0, size = 0;
  };

  bool read_commands(std::string& error);
  bool map(std::string& error);
  bool rebase(std::string& error);
  bool bind(Range stream, const Resolve& resolve, std::string& error);
  void initialize() const;

  template <class T>
  T at(uint64_t offset) const;
  const char* text(uint64_t offset) const { return reinterpret_cast<const char*>(file_.data() + offset); }
  uint64_t* slot(unsigned segment, uint64_t offset) const;

  std::vector<uint8_t> file_;
  uint8_t* base_ = nullptr;
  std::vector<Segment> segments_;
  std::vector<Range> initializers_;
  Range rebases_, binds_, lazy_binds_, symbols_;
  uint64_t strings_ = 0;
};
