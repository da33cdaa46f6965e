// The tokens of notify(3) that this task holds, and the name that each is registered for.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

namespace darwin_double {

class Tokens {
 public:
  int add(std::string name);
  // Both die in the name of `function` if there is no such token.
  std::string name(const char* function, int token) const;
  void remove(const char* function, int token);

  int64_t live() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> names_;
  int next_ = 0;  // 0 is a token like any other
};

}  // namespace darwin_double
