// Entries of the I/O Registry, for a recording: in the shape of "ioregistry" in a machine file.
#pragma once

#include <IOKit/IOKitLib.h>

#include <string>
#include <vector>

#include "../source.h"

namespace metalstat {

// Adds what is wanted: "<class or path> <property>" as in RegistryWants, of all services of the class. A
// property that ends in * stands for all that begin so; a place that ends in /*, for all children.
void record_registry(const std::vector<std::string>& wanted, Raw::List& entries,
                     std::vector<Failure>& failures);

// Id, classes and name of an entry, with no properties. Null if it cannot be told which it is.
Raw describe_entry(io_registry_entry_t entry);

}  // namespace metalstat
