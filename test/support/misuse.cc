// What a caller must not do, and what the double says to what a caller may do wrong. Links the double without
// sources.
//
//   misuse MACHINE.json NAME      prints what came of it; a misuse ends the process instead

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <libproc.h>
#include <mach/mach.h>
#include <notify.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "darwin/smc.h"
#include "double/coalition.h"
#include "double/hid.h"
#include "double/machine.h"
#include "double/metal.h"
#include "double/objc.h"

extern "C" void* objc_autoreleasePoolPush();
extern "C" void objc_autoreleasePoolPop(void* pool);

namespace {

std::shared_ptr<darwin_double::Machine> machine;

io_iterator_t smc_services() {
  io_iterator_t iterator = 0;
  IOServiceGetMatchingServices(kIOMainPortDefault, IOServiceMatching("AppleSMC"), &iterator);
  return iterator;
}

io_connect_t open_smc() {
  io_connect_t connection = 0;
  IOServiceOpen(IOIteratorNext(smc_services()), mach_task_self(), 0, &connection);
  return connection;
}

void ask(io_connect_t connection, uint8_t command, const char* key, uint32_t data, size_t in_size = 80,
         size_t out_size = 80) {
  SmcParam in{}, out{};
  in.command = command;
  in.key = smc_code(key);
  in.data32 = data;
  in.info.size = data;
  const kern_return_t result =
      IOConnectCallStructMethod(connection, kSmcSelector, &in, in_size, &out, &out_size);
  std::printf("%x %x %x %x", static_cast<unsigned>(result), out.result, out.key, out.info.size);
}

void two_threads(io_connect_t connection) {
  std::string error;
  machine->plan(R"({"calls":[{"function":"IOConnectCallStructMethod","nth":1,"how":"hang"}]})", error);
  std::thread([connection] {
    darwin_double::Machine::enter(machine.get());
    ask(connection, kSmcReadKey, "FNum", 1);
  }).detach();
  while (machine->calls()["IOConnectCallStructMethod"] == 0) std::this_thread::yield();
  ask(connection, kSmcReadKey, "FNum", 1);
}

int token_of(const char* name) {
  int token = -1;
  std::printf("%u ", notify_register_check(name, &token));
  return token;
}

bool smc(const std::string& name) {
  const io_connect_t connection = open_smc();
  if (name == "read")
    ask(connection, kSmcReadKey, "FNum", 1);
  else if (name == "read no key")
    ask(connection, kSmcReadKey, "none", 1);
  else if (name == "read with another size")
    ask(connection, kSmcReadKey, "FNum", 2);
  else if (name == "read what is unreadable")
    ask(connection, kSmcReadKey, "FXXX", 4);
  else if (name == "info")
    ask(connection, kSmcKeyInfo, "FNum", 0);
  else if (name == "info of no key")
    ask(connection, kSmcKeyInfo, "none", 0);
  else if (name == "index")
    ask(connection, kSmcKeyByIndex, "", 1);
  else if (name == "index beyond the last")
    ask(connection, kSmcKeyByIndex, "", 3);
  else if (name == "76 bytes in")
    ask(connection, kSmcReadKey, "FNum", 1, 76);
  else if (name == "76 bytes out")
    ask(connection, kSmcReadKey, "FNum", 1, 80, 76);
  else if (name == "write")
    ask(connection, 6, "FNum", 1);
  else if (name == "close twice")
    IOServiceClose(connection), IOServiceClose(connection);
  else if (name == "use after close")
    IOServiceClose(connection), ask(connection, kSmcReadKey, "FNum", 1);
  else if (name == "use a service as a connection")
    ask(IOIteratorNext(smc_services()), kSmcReadKey, "FNum", 1);
  else if (name == "release a connection")
    IOObjectRelease(connection);
  else if (name == "two threads")
    two_threads(connection);
  else if (name == "open an iterator")
    IOServiceOpen(smc_services(), mach_task_self(), 0, nullptr);
  else
    return false;
  return true;
}

bool notify(const std::string& name) {
  uint64_t state = 0;
  const int token = token_of("a.name");
  if (name == "state") {
    const uint32_t status = notify_get_state(token, &state);
    std::printf("%u %llu", status, static_cast<unsigned long long>(state));
  } else if (name == "first token")
    std::printf("%d", token);
  else if (name == "cancel twice")
    notify_cancel(token), notify_cancel(token);
  else if (name == "state after cancel")
    notify_cancel(token), notify_get_state(token, &state);
  else if (name == "no name")
    token_of(nullptr);
  else
    return false;
  return true;
}

IOHIDServiceClientRef first_service(IOHIDEventSystemClientRef client) {
  const CFArrayRef services = IOHIDEventSystemClientCopyServices(client);
  return reinterpret_cast<IOHIDServiceClientRef>(const_cast<void*>(CFArrayGetValueAtIndex(services, 0)));
}

bool hid(const std::string& name) {
  const auto event = [](IOHIDServiceClientRef service, int64_t type) {
    return IOHIDServiceClientCopyEvent(service, type, 0, 0);
  };
  const IOHIDEventSystemClientRef client = IOHIDEventSystemClientCreate(kCFAllocatorDefault);
  const IOHIDServiceClientRef service = first_service(client);
  if (name == "temperature")
    std::printf("%g", IOHIDEventGetFloatValue(event(service, 15), 15 << 16));
  else if (name == "event of another type")
    std::printf("%d", event(service, 25) != nullptr);
  else if (name == "field of another type")
    IOHIDEventGetFloatValue(event(service, 15), 25 << 16);
  else if (name == "event after release of the client")
    CFRelease(client), event(service, 15);
  else if (name == "event with a time")
    IOHIDServiceClientCopyEvent(service, 15, 0, 1);
  else if (name == "service as a client")
    IOHIDEventSystemClientCopyServices(reinterpret_cast<IOHIDEventSystemClientRef>(service));
  else if (name == "client on another thread")
    std::thread([client] {
      darwin_double::Machine::enter(machine.get());
      first_service(client);
    }).join();
  else
    return false;
  return true;
}

bool metal(const std::string& name) {
  const auto open = machine->live().objects;
  auto* const device = const_cast<void*>(MTLCreateSystemDefaultDevice());
  const auto send = [device](const char* selector) {
    return objc_msgSend(device, sel_registerName(selector), 0);
  };
  if (name == "name in a pool" || name == "name without a pool") {
    void* const pool = name == "name in a pool" ? objc_autoreleasePoolPush() : nullptr;
    send("name");
    if (pool) objc_autoreleasePoolPop(pool);
    CFRelease(device);
    std::printf("%d", static_cast<int>(machine->live().objects - open));
  } else if (name == "message to a released device")
    CFRelease(device), send("name");
  else if (name == "message it does not know")
    send("recommendedMaxWorkingSet");
  else if (name == "message that is no selector")
    objc_msgSend(device, reinterpret_cast<ObjcSelector>(const_cast<char*>("name")), 0);
  else if (name == "message to nil")
    objc_msgSend(nullptr, sel_registerName("name"), 0);
  else if (name == "pools in the wrong order") {
    void* const outer = objc_autoreleasePoolPush();
    objc_autoreleasePoolPush();
    objc_autoreleasePoolPop(outer);
  } else
    return false;
  return true;
}

// The result and, where there is none, errno.
void tell(int result) { std::printf("%d %d", result, result > 0 ? 0 : errno); }

bool processes(const std::string& name) {
  Rusage usage{};
  PidCoalitionInfo info{};
  uint64_t words[64];
  CoalitionInfo coalitions[4];
  const auto rusage = [&usage](int pid, int flavor) {
    return proc_pid_rusage(pid, flavor, reinterpret_cast<rusage_info_t*>(&usage));
  };
  int pids[8];
  errno = 0;
  if (name == "two of three pids")
    tell(proc_listpids(PROC_ALL_PIDS, 0, pids, 8));
  else if (name == "pids of one kind")
    proc_listpids(2, 0, pids, 8);
  else if (name == "pids without a buffer")
    proc_listpids(PROC_ALL_PIDS, 0, nullptr, 0);
  else if (name == "info of a process that is not there")
    tell(proc_pidinfo(999, kPidCoalitionInfo, 0, &info, sizeof info));
  else if (name == "info into a short buffer")
    tell(proc_pidinfo(1, kPidCoalitionInfo, 0, &info, 39));
  else if (name == "info of another flavor")
    proc_pidinfo(1, 4, 0, &info, sizeof info);
  else if (name == "path of the kernel")
    tell(proc_pidpath(0, words, sizeof words));
  else if (name == "path into a short buffer")
    tell(proc_pidpath(1, words, 13));
  else if (name == "path")
    tell(proc_pidpath(1, words, sizeof words));
  else if (name == "usage")
    tell(rusage(450, kRusageNew)), std::printf(" %llu", static_cast<unsigned long long>(usage.user_time));
  else if (name == "usage of another user")
    tell(rusage(1, kRusageNew));
  else if (name == "usage of a flavor to come")
    tell(rusage(450, 7));
  else if (name == "usage of another flavor")
    rusage(450, 5);
  else if (name == "coalitions")
    tell(proc_listcoalitions(kListCoalitionsOfType, 0, coalitions, sizeof coalitions));
  else if (name == "coalitions for jetsam")
    proc_listcoalitions(kListCoalitionsOfType, 1, coalitions, sizeof coalitions);
  else if (name == "words")
    tell(coalition_info_resource_usage(1, words, sizeof words)),
        std::printf(" %llu", static_cast<unsigned long long>(words[3]));
  else if (name == "words of an empty one")
    tell(coalition_info_resource_usage(2, words, sizeof words));
  else if (name == "words of none")
    tell(coalition_info_resource_usage(3, words, sizeof words));
  else if (name == "words without a buffer")
    coalition_info_resource_usage(1, nullptr, 0);
  else
    return false;
  return true;
}

}  // namespace

int main(int, char** arguments) {
  std::ifstream file(arguments[1]);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::string error;
  machine = darwin_double::Machine::open(text, true, error);
  if (!machine) return std::fprintf(stderr, "%s\n", error.c_str()), 2;
  darwin_double::Machine::enter(machine.get());
  const std::string name = arguments[2];
  if (!processes(name) && !smc(name) && !hid(name) && !metal(name) && !notify(name))
    return std::fprintf(stderr, "no misuse is called %s\n", name.c_str()), 2;
  std::fflush(stdout);
  std::_Exit(0);
}
