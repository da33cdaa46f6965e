// What is asked of the I/O Registry, and where: "<class or path> <property>". Neither a class name nor a path
// of the device tree contains a blank. A place that ends in /* stands for its children.
#pragma once

#include <IOKit/IOKitLib.h>

#include <string>

namespace metalstat {

struct Query {
  std::string where;
  std::string property;
  bool children = false;

  explicit Query(const std::string& text) {
    const size_t blank = text.find(' ');
    where = text.substr(0, blank);
    property = blank == std::string::npos ? "" : text.substr(blank + 1);
    if (where.size() > 2 && where.compare(where.size() - 2, 2, "/*") == 0) {
      children = true;
      where.resize(where.size() - 2);
    }
  }
  bool is_path() const { return where.find(":/") != std::string::npos; }
  std::string plane() const { return is_path() ? where.substr(0, where.find(':')) : kIOServicePlane; }
};

}  // namespace metalstat
