#pragma once

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

/// `over` wins. Maps merge, the rest is replaced, `+key` appends.
void merge_over(Node& base, Node&& over, Diagnostics& diagnostics);
/// Pieces of one thing: nothing may be given twice but maps and `+key`.
void merge_beside(Node& base, Node&& piece, Diagnostics& diagnostics);
/// Gives `+key`s that found nothing below them their plain names. Not within lists: what is there was never merged,
/// and may be data.
void settle_appends(Node& map, Diagnostics& diagnostics);
/// The same for a whole plan, but for its `profiles`: what they append to is not known yet.
void settle_plan(Node& plan, Diagnostics& diagnostics);

}  // namespace vajrapulse::document
