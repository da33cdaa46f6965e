// Functions of Apple's libc that take or hold something else than glibc's of the same name.
#pragma once

#include <functional>
#include <string>

// NULL if there is none of that name (a symbol's, with its underscore).
void* darwin_libc(const std::string& name);

// Is called on every thread that the Mac's code starts, before that code, with what `on_start` returned on
// the thread that starts it.
using Enter = std::function<void()>;
void on_start_of_thread(std::function<Enter()> on_start);
