// The sources on the double, without Node.
//
//   faults MACHINE.json …                     fails every call: nothing may crash, hang or stay open
//   faults --calls N MACHINE.json …           the same, N calls of them
//   faults --collections N MACHINE.json …     N collections under faults: nothing may grow
//   faults --values [--source NAME] [--plans FILE] MACHINE.json …
//                                             prints what the sources say, without and with faults, and under
//                                             each plan of a file that has one a line
//
// Prints a line a file (but for --values), and ends with 1 at the first thing that is wrong.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "checks.h"

namespace {

constexpr uint64_t kMost = 400;

struct Options {
  uint64_t calls = kMost;
  uint64_t collections = 0;
  bool values = false;
  std::string source;
  std::string plans;
  std::vector<const char*> files;
};

bool parse(int count, char** arguments, Options& options) {
  for (int i = 1; i < count; i++) {
    const std::string_view argument = arguments[i];
    const char* const value = i + 1 < count ? arguments[i + 1] : "";
    if (argument == "--calls") {
      options.calls = std::strtoull(value, nullptr, 10);
      i++;
    } else if (argument == "--collections") {
      options.collections = std::strtoull(value, nullptr, 10);
      i++;
    } else if (argument == "--source") {
      options.source = value;
      i++;
    } else if (argument == "--plans") {
      options.plans = value;
      i++;
    } else if (argument == "--values") {
      options.values = true;
    } else {
      options.files.push_back(arguments[i]);
    }
  }
  return !options.files.empty() && options.calls > 0;
}

std::vector<std::string> plans_of(const std::string& path) {
  std::vector<std::string> plans;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) plans.push_back(line);
  return plans;
}

bool check(const Options& options, const char* path) {
  std::ifstream file(path);
  const std::string machine{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (options.values) return faults::print_values(machine, plans_of(options.plans), options.source);
  if (options.collections > 0) return faults::check_growth(path, machine, options.collections);
  return faults::check_plan(path, machine, options.calls);
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  if (!parse(count, arguments, options)) {
    std::fprintf(stderr,
                 "usage: faults [--calls N | --collections N | --values [--source NAME] [--plans FILE]] "
                 "MACHINE.json ...\n");
    return 2;
  }
  bool ok = true;
  for (size_t i = 0; i < options.files.size() && ok; i++) ok = check(options, options.files[i]);
  return ok ? 0 : 1;
}
