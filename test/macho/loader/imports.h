// Who answers what the Mac's addon imports.
#pragma once

#include <string>

// NULL if nobody does. `name` is a symbol's, with its underscore.
void* resolve_import(const std::string& name);
