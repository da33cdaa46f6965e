// The user client of AppleSMC: keys by name and by index. It only reads, and a caller that writes is stopped.

#include "../darwin/smc.h"

#include <IOKit/IOKitLib.h>
#include <mach/mach.h>

#include <algorithm>
#include <cstring>

#include "alone.h"
#include "die.h"
#include "instant.h"
#include "state.h"

using namespace darwin_double;

namespace {

constexpr kern_return_t kIOReturnError = static_cast<kern_return_t>(0xE00002BC);
constexpr kern_return_t kIOReturnBadArgument = static_cast<kern_return_t>(0xE00002C2);
constexpr kern_return_t kIOReturnUnsupported = static_cast<kern_return_t>(0xE00002C7);
// The bit of a key that can be read.
constexpr uint8_t kReadable = 0x80;

const SmcKey* find(const SmcFile& smc, uint32_t key) {
  char name[4];
  for (int i = 0; i < 4; i++) name[i] = static_cast<char>(key >> (24 - 8 * i));
  const auto found = smc.index.find(std::string_view(name, sizeof name));
  return found == smc.index.end() ? nullptr : &smc.keys[found->second];
}

uint8_t read(const SmcKey& key, const Moment& moment, const SmcParam& in, SmcParam& out) {
  if (key.count == 0) return kSmcNotReadable;
  if (in.info.size != key.size) return kSmcSizeMismatch;
  const uint8_t* const value = key.bytes + (key.count > 1 ? moment.frame : 0) * key.size;
  std::copy_n(value, key.size, out.bytes);
  return kSmcSuccess;
}

uint8_t answer(const State& machine, const SmcParam& in, SmcParam& out) {
  const SmcFile& smc = machine.file->smc;
  switch (in.command) {
    case kSmcKeyByIndex:
      if (in.data32 >= smc.keys.size()) return kSmcIndexRange;
      out.key = smc_code(smc.keys[in.data32].key.data());
      return kSmcSuccess;
    case kSmcKeyInfo:
    case kSmcReadKey: {
      const SmcKey* const key = find(smc, in.key);
      if (!key) return kSmcKeyNotFound;
      if (in.command == kSmcReadKey) return read(*key, now(machine).moment, in, out);
      out.info.size = key->size;
      out.info.type = smc_code(key->type.data());
      out.info.attributes = key->count > 0 ? kReadable : 0;
      return kSmcSuccess;
    }
    default:
      die("IOConnectCallStructMethod", "a command that does not read", uint64_t{in.command});
  }
}

}  // namespace

kern_return_t IOServiceOpen(io_service_t service, task_port_t owningTask, uint32_t type,
                            io_connect_t* connect) {
  State& machine = state(__func__);
  const RegistryEntry& entry = *machine.handles.entry(__func__, service).entry;
  if (owningTask != mach_task_self()) die(__func__, "not this task", uint64_t{owningTask});
  if (type != 0) die(__func__, "only type 0 is known", uint64_t{type});
  if (!connect) die(__func__, "no room for the connection", uint64_t{service});
  *connect = IO_OBJECT_NULL;
  const Fault fault = darwin_double::fault(__func__);
  if (fault.how == Fault::How::null) return KERN_SUCCESS;
  if (fault) return fault.code_or(kIOReturnError);
  const uint64_t openable = machine.file->smc.entry;
  if (openable == 0 || entry.id != openable) return kIOReturnUnsupported;
  *connect = machine.connections.open();
  return KERN_SUCCESS;
}

kern_return_t IOServiceClose(io_connect_t connect) {
  state(__func__).connections.close(__func__, connect);
  return KERN_SUCCESS;
}

kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector, const void* inputStruct,
                                        size_t inputStructCnt, void* outputStruct, size_t* outputStructCnt) {
  State& machine = state(__func__);
  const auto busy = machine.connections.busy(__func__, connection);
  const Alone alone(__func__, *busy);
  if (!inputStruct || !outputStruct || !outputStructCnt) die(__func__, "NULL", uint64_t{connection});
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fault.code_or(kIOReturnError);
  if (selector != kSmcSelector || inputStructCnt != sizeof(SmcParam) || *outputStructCnt != sizeof(SmcParam))
    return kIOReturnBadArgument;
  SmcParam in, out{};
  std::memcpy(&in, inputStruct, sizeof in);
  if (fault.how == Fault::How::garbage) std::memset(&out, kGarbage, sizeof out);
  // Garbage is still an answer: only the result stays.
  SmcParam scratch{};
  out.result = answer(machine, in, fault.how == Fault::How::garbage ? scratch : out);
  if (fault.how == Fault::How::short_) *outputStructCnt /= 2;
  std::memcpy(outputStruct, &out, *outputStructCnt);
  return KERN_SUCCESS;
}
