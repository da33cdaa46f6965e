// The parts of MachineFile::parse.
#pragma once

#include "machine_file.h"
#include "reader.h"

namespace darwin_double {

// Room in the document for the values of a series.
template <class T>
T* allocate(MachineFile& file, size_t count) {
  return static_cast<T*>(file.document.allocate(count * sizeof(T)));
}

// One value, or an array with one per frame.
Series read_series(const Node& node, MachineFile& file);

// Of what lives for a span one value: it changes with its age and not from frame to frame.
Series read_series_of(const std::optional<Life>& life, const Node& node, MachineFile& file);

// When an entry is there, by its "life" or "seen"; nothing for one that is always.
std::optional<Life> read_presence(const Node& entry, const MachineFile& file);

// Pairs of hexadecimal digits.
std::vector<uint8_t> read_hex(const Node& node);

void read_ioreport(const Node& node, MachineFile& file);
void read_ioregistry(const Node& node, MachineFile& file);
void read_host(const Node& node, MachineFile& file);
void read_sysctl(const Node& node, MachineFile& file);
// After the registry, which has the service.
void read_smc(const Node& node, MachineFile& file);
void read_hid(const Node& node, MachineFile& file);
void read_libproc(const Node& node, MachineFile& file);
void read_coalition(const Node& node, MachineFile& file);
void read_notify(const Node& node, MachineFile& file);
void read_metal(const Node& node, MachineFile& file);

}  // namespace darwin_double
