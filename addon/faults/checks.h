// What the executable `faults` can do with a machine file. Each answers whether all was well, and has told on
// stderr what was not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faults {

// Fails the calls that can fail one after the other. At most `most` of them one by one; beyond, evenly spread
// ones.
bool check_plan(const char* path, const std::string& machine, uint64_t most);

// So many collections with a fault in most of them, then one without. Prints how much more is open after them
// than before.
bool check_growth(const char* path, const std::string& machine, uint64_t collections);

// Prints all that the sources say: in full, and a digest for each of these plans and for each of many faults.
// `only`: one source by its name, or empty.
bool print_values(const std::string& machine, const std::vector<std::string>& plans, const std::string& only);

}  // namespace faults
