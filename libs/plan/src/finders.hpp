#pragma once

#include <memory>
#include <string_view>

#include "vajrapulse/extract/finder.hpp"
#include "vajrapulse/plan/compiler.hpp"

namespace vajrapulse::plan {

/// A finder whose text is a key of a map (`json: { $.total: 5 }`); null when it is wrong, which is reported.
std::unique_ptr<extract::Finder> finder_of_key(extract::Kind kind, const document::Entry& entry, Compiler& compiler);

/// A finder whose text is a value (`{ regex: 'id=([0-9]+)' }`); placeholders of constants are filled in.
std::unique_ptr<extract::Finder> finder_of(extract::Kind kind, const document::Node& scalar, const extract::Part& part,
                                           Compiler& compiler);

}  // namespace vajrapulse::plan
