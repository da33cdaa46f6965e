// The addon as JavaScript sees it (src/native/native.ts has the types). Only it, to_js.h and
// double/controls_to_js.h include napi.h.
//
// open() gives one object per source. Its methods return promises; the OS is called on the facility's own
// thread, and the result comes back through one thread-safe function, which keeps the process alive only
// while a call runs. The array of read() is filled on the JavaScript thread: JavaScript and the facility's
// thread never share a buffer.

#include <napi.h>

#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include "runner.h"
#include "source.h"
#include "to_js.h"

#ifdef METALSTAT_DOUBLE
#include "double/controls_to_js.h"
#include "double/crossing_to_js.h"
#include "double/platform.h"
#else
#include <dlfcn.h>
#endif

namespace {

using metalstat::add_method;
using metalstat::Facts;
using metalstat::facts_to_js;
using metalstat::failures_to_js;
using metalstat::Listing;
using metalstat::listing_to_js;
using metalstat::Reading;
using metalstat::Recording;
using metalstat::Runner;
using metalstat::Source;
using Napi::CallbackInfo;

// How long a closing addon waits for calls that run. One that hangs longer is left behind.
constexpr std::chrono::milliseconds kPatience{50};

// The way back to the JavaScript thread, and the promises it owes. Threads that outlive it find it closed.
// All but post() belongs to the JavaScript thread.
class Bridge : public std::enable_shared_from_this<Bridge> {
 public:
  // Runs on the JavaScript thread, but may be destroyed on another: owns nothing of JavaScript.
  using Completion = std::function<Napi::Value(Napi::Env)>;

  explicit Bridge(Napi::Env env)
      : function_(Napi::ThreadSafeFunction::New(
            env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}), "metalstat", 0, 1)) {
    function_.Unref(env);
  }
  std::pair<uint64_t, Napi::Promise> promise(Napi::Env env) {
    if (owed_.empty() && !closed_) function_.Ref(env);
    const auto deferred = Napi::Promise::Deferred::New(env);
    owed_.emplace(++last_id_, deferred);
    return {last_id_, deferred.Promise()};
  }
  // On any thread.
  void post(uint64_t id, Completion completion) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    auto* arrival = new Arrival([self = shared_from_this(), id, completion = std::move(completion)](
                                    Napi::Env env) { self->settle(env, id, completion); });
    if (function_.NonBlockingCall(arrival, arrive) != napi_ok) delete arrival;
  }
  void reject_all(Napi::Env env) {
    for (const auto& [id, deferred] : std::exchange(owed_, {}))
      deferred.Reject(Napi::Error::New(env, "the addon is closed").Value());
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    closed_ = true;
    function_.Abort();
  }
  bool closed() const { return closed_; }

 private:
  using Arrival = std::function<void(Napi::Env)>;

  static void arrive(Napi::Env env, Napi::Function, Arrival* arrival) {
    if (env) (*arrival)(env);
    delete arrival;
  }
  void settle(Napi::Env env, uint64_t id, const Completion& completion) {
    const auto owed = owed_.find(id);
    if (owed == owed_.end()) return;
    const Napi::HandleScope scope(env);
    const Napi::Promise::Deferred deferred = owed->second;
    owed_.erase(owed);
    if (owed_.empty() && !closed_) function_.Unref(env);
    deferred.Resolve(completion(env));
  }

  std::mutex mutex_;
  bool closed_ = false;
  uint64_t last_id_ = 0;
  std::map<uint64_t, Napi::Promise::Deferred> owed_;
  Napi::ThreadSafeFunction function_;
};

// One source, its thread, and what JavaScript gets from it.
class Handle : public std::enable_shared_from_this<Handle> {
 public:
  Handle(std::unique_ptr<Source> source, std::shared_ptr<metalstat::Platform> platform,
         std::shared_ptr<Bridge> bridge)
      : runner_(std::move(source), std::move(platform)), bridge_(std::move(bridge)) {}

  Runner& runner() { return runner_; }

  Napi::Value list(Napi::Env env) {
    return call<Listing>(
        env, [](Source& source) { return source.list(); }, listing_to_js);
  }

  Napi::Value select(Napi::Env env, std::vector<uint32_t> which) {
    return call<Listing>(
        env, [which = std::move(which)](Source& source) { return source.select(which); }, listing_to_js);
  }

  Napi::Value facts(Napi::Env env) {
    return call<Facts>(
        env, [](Source& source) { return source.facts(); }, facts_to_js);
  }

  // `what` is record() or probe().
  Napi::Value tell(Napi::Env env, void (Source::*what)(Recording&)) {
    return call<Recording>(
        env,
        [what](Source& source) {
          Recording told;
          (source.*what)(told);
          return told;
        },
        metalstat::recording_to_js);
  }

  Napi::Value names(Napi::Env env, std::vector<double> ids) {
    return call<std::vector<std::string>>(
        env, [ids = std::move(ids)](Source& source) { return source.names(ids); }, metalstat::strings_to_js);
  }

  // Single flight: a read that runs is shared.
  Napi::Value read(Napi::Env env) {
    if (!in_flight_.IsEmpty()) return in_flight_.Value();
    Napi::Value promise = call<Reading>(
        env,
        [](Source& source) {
          Reading reading;
          source.read(reading);
          return reading;
        },
        // The references below must not die on the facility's thread, which may be the last to hold this.
        [weak = weak_from_this()](Napi::Env env, const Reading& reading) -> Napi::Value {
          const auto self = weak.lock();
          return self ? self->deliver(env, reading) : env.Undefined();
        });
    if (!bridge_->closed()) in_flight_ = Napi::Persistent(promise.As<Napi::Object>());
    return promise;
  }

  // On the JavaScript thread, as its environment may be about to end.
  void let_go() {
    in_flight_.Reset();
    delivery_.let_go();
  }

 private:
  // Runs `job` on the facility's thread and resolves a promise with what `to_js` makes of its result.
  template <class Result, class Job, class ToJs>
  Napi::Value call(Napi::Env env, Job job, ToJs to_js) {
    const auto [id, promise] = bridge_->promise(env);
    const bool accepted = runner_.run(
        [job = std::move(job), to_js = std::move(to_js), bridge = bridge_, id = id](Source& source) {
          auto result = std::make_shared<Result>(job(source));
          bridge->post(id, [result, to_js](Napi::Env env) { return to_js(env, *result); });
        });
    if (!accepted) bridge_->reject_all(env);
    return promise;
  }

  Napi::Value deliver(Napi::Env env, const Reading& reading) {
    in_flight_.Reset();
    return delivery_.deliver(env, reading);
  }

  Runner runner_;
  std::shared_ptr<Bridge> bridge_;
  Napi::ObjectReference in_flight_;
  metalstat::Delivery delivery_;
};

// All that one open() made. Closed by close(), or else with the JavaScript environment.
struct Session {
  std::vector<std::shared_ptr<Handle>> handles;
  std::shared_ptr<Bridge> bridge;

  // True if every source was closed on its own thread; false if one hangs and was left behind.
  bool close() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    bool all = true;
    for (const auto& handle : handles) all &= handle->runner().stop(deadline);
    bridge->close();
    for (const auto& handle : handles) handle->let_go();
    return all;
  }
};

std::vector<std::string> strings(const Napi::Value& value) {
  std::vector<std::string> result;
  if (!value.IsArray()) return result;
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) result.push_back(array.Get(i).ToString());
  return result;
}

std::vector<std::string> strings(const Napi::Object& wants, const char* source, const char* list) {
  const Napi::Value of_source = wants.Get(source);
  return of_source.IsObject() ? strings(of_source.As<Napi::Object>().Get(list)) : std::vector<std::string>();
}

metalstat::ChildrenWants children(const Napi::Value& value) {
  if (!value.IsObject()) return {};
  const auto wants = value.As<Napi::Object>();
  const auto text = [&wants](const char* name) { return wants.Get(name).ToString().Utf8Value(); };
  return {text("parent"), text("child"), text("creator"), text("list"), text("member")};
}

Napi::Object source_object(Napi::Env env, Session& session, std::unique_ptr<Source> source,
                           const std::shared_ptr<metalstat::Platform>& platform) {
  auto handle = std::make_shared<Handle>(std::move(source), platform, session.bridge);
  session.handles.push_back(handle);
  Napi::Object object = Napi::Object::New(env);
  add_method(object, "list", [handle](const CallbackInfo& info) { return handle->list(info.Env()); });
  add_method(object, "facts", [handle](const CallbackInfo& info) { return handle->facts(info.Env()); });
  add_method(object, "read", [handle](const CallbackInfo& info) { return handle->read(info.Env()); });
  add_method(object, "record",
             [handle](const CallbackInfo& info) { return handle->tell(info.Env(), &Source::record); });
  add_method(object, "probe",
             [handle](const CallbackInfo& info) { return handle->tell(info.Env(), &Source::probe); });
  add_method(object, "names", [handle](const CallbackInfo& info) -> Napi::Value {
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
      Napi::TypeError::New(info.Env(), "names() takes a Float64Array of ids").ThrowAsJavaScriptException();
      return info.Env().Undefined();
    }
    const auto array = info[0].As<Napi::Float64Array>();
    return handle->names(info.Env(), std::vector<double>(array.Data(), array.Data() + array.ElementLength()));
  });
  add_method(object, "select", [handle](const CallbackInfo& info) -> Napi::Value {
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
      Napi::TypeError::New(info.Env(), "select() takes a Uint32Array of indices into the last listing")
          .ThrowAsJavaScriptException();
      return info.Env().Undefined();
    }
    const auto array = info[0].As<Napi::Uint32Array>();
    return handle->select(info.Env(),
                          std::vector<uint32_t>(array.Data(), array.Data() + array.ElementLength()));
  });
  return object;
}

// open(wants[, machine, options]): only the double takes the text of a machine file and options.
Napi::Value open(const CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    Napi::TypeError::New(env, "open() takes the names that each source shall read")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const auto wants = info[0].As<Napi::Object>();
  std::shared_ptr<metalstat::Platform> platform;
  Napi::Object native = Napi::Object::New(env);
#ifdef METALSTAT_DOUBLE
  std::string error;
  const bool manual =
      info[2].IsObject() && info[2].As<Napi::Object>().Get("clock").ToString().Utf8Value() == "manual";
  auto machine = darwin_double::Machine::open(info[1].ToString(), manual, error);
  if (!machine) {
    Napi::Error::New(env, error).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  platform = std::make_shared<darwin_double::DoublePlatform>(machine);
  darwin_double::add_controls(native, machine);
#endif
  auto session = std::make_shared<Session>();
  session->bridge = std::make_shared<Bridge>(env);
  Napi::Object sources = Napi::Object::New(env);
  const auto add = [&](const char* name, std::unique_ptr<Source> source) {
    sources[name] = source_object(env, *session, std::move(source), platform);
  };
  add("ioreport", metalstat::make_ioreport(strings(wants.Get("ioreport"))));
  add("ioregistry", metalstat::make_ioregistry(
                        {strings(wants, "ioregistry", "live"), strings(wants, "ioregistry", "facts")}));
  add("host", metalstat::make_host());
  add("sysctl", metalstat::make_sysctl({strings(wants, "sysctl", "live"), strings(wants, "sysctl", "numbers"),
                                        strings(wants, "sysctl", "texts")}));
  add("smc", metalstat::make_smc({strings(wants, "smc", "prefixes"), strings(wants, "smc", "keys")}));
  add("hid", metalstat::make_hid());
  // The registry again, on a thread of its own: what the battery's driver takes long to answer holds up
  // nothing else.
  add("power_sources", metalstat::make_ioregistry({strings(wants, "power_sources", "live"),
                                                   strings(wants, "power_sources", "facts")}));
  add("notify", metalstat::make_notify(strings(wants.Get("notify"))));
  add("metal", metalstat::make_metal());
  add("libproc", metalstat::make_libproc());
  add("coalition", metalstat::make_coalition());
  // On a thread of its own, too: a driver with a hundred clients takes milliseconds.
  add("gpu_clients", metalstat::make_ioregistry_children(children(wants.Get("gpu_clients"))));
  native["sources"] = sources;
  // The hook goes with close(): a process may open and close many sessions.
  auto hook = std::make_shared<Napi::Env::CleanupHook<std::function<void()>>>(
      env.AddCleanupHook(std::function<void()>([session] { session->close(); })));
  add_method(native, "close", [session, hook](const CallbackInfo& info) {
    if (!session->bridge->closed()) hook->Remove(info.Env());
    const bool all = session->close();
    // Nobody shall wait for what hangs.
    session->bridge->reject_all(info.Env());
    return Napi::Boolean::New(info.Env(), all);
  });
  return native;
}

// A thread that hangs in a call outlives the environment: its code stays. On Linux by -z nodelete.
void pin() {
#ifndef METALSTAT_DOUBLE
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&pin), &self)) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  pin();
  exports["open"] = Napi::Function::New(env, open);
#ifdef METALSTAT_DOUBLE
  add_method(exports, "crossing", metalstat::crossing);
#endif
  return exports;
}

}  // namespace

NODE_API_MODULE(metalstat, init)
