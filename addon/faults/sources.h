// The sources as an exporter makes them, without Node.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../double/machine.h"
#include "../source.h"

namespace faults {

struct Named {
  const char* name;
  std::unique_ptr<metalstat::Source> source;
};

// All of them, each with names that no Mac has among those it looks for; or only one.
std::vector<Named> make_sources(const std::string& only = {});

// Lists its channels, and selects each of them.
void select_all(metalstat::Source& source);

bool is_clean(const darwin_double::Live& live);

// "objects 0, io_objects 0, …"
std::string to_text(const darwin_double::Live& live);

}  // namespace faults
