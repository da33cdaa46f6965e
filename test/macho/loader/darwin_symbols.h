// The double's functions and constants, by the names that a Mac's linker gives them.
#pragma once

#include <string>

// NULL if the double does not stand for it.
void* darwin_symbol(const std::string& name);
