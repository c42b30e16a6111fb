#include "vajrapulse/document/diagnostics.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "written.hpp"

namespace vajrapulse::document {
namespace {

std::string_view source_name(const Place& place) noexcept {
  return place.source ? std::string_view(place.source->name()) : std::string_view();
}

bool is_same(const Diagnostic& a, const Diagnostic& b) noexcept {
  return a.place.line == b.place.line && a.place.column == b.place.column && a.severity == b.severity &&
         a.message == b.message && source_name(a.place) == source_name(b.place);
}

/// Files do not name each other in circles: config.cpp has refused that.
std::vector<Place> way_to(const Place& place) {
  std::vector<Place> way;
  for (auto source = place.source; source && source->named_by(); source = way.back().source)
    way.push_back(*source->named_by());
  return way;
}

}  // namespace

void Diagnostics::error(Place place, std::string message, std::string cure) {
  add({.place = std::move(place), .message = std::move(message), .cure = std::move(cure)});
}

void Diagnostics::warning(Place place, std::string message, std::string cure) {
  add({.place = std::move(place),
       .message = std::move(message),
       .cure = std::move(cure),
       .severity = Severity::warning});
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  if (std::ranges::any_of(found_, [&](const Diagnostic& other) { return is_same(other, diagnostic); })) return;
  if (diagnostic.via.empty()) diagnostic.via = way_to(diagnostic.place);
  if (found_.size() < kMost)
    found_.push_back(std::move(diagnostic));
  else
    ++left_out_;
}

void Diagnostics::rewrite(const std::function<std::string(std::string)>& as_shown) {
  for (Diagnostic& diagnostic : found_) {
    diagnostic.message = as_shown(std::move(diagnostic.message));
    diagnostic.cure = as_shown(std::move(diagnostic.cure));
  }
}

std::vector<Diagnostic> Diagnostics::all() const {
  std::vector<std::string_view> files;  // in the order in which they were met
  for (const auto& diagnostic : found_) {
    const auto name = source_name(diagnostic.place);
    if (std::ranges::find(files, name) == files.end()) files.push_back(name);
  }
  using Rank = std::tuple<std::ptrdiff_t, std::size_t, std::size_t, std::size_t>;
  std::vector<Rank> ranks;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const auto& place = found_[i].place;
    ranks.emplace_back(std::ranges::find(files, source_name(place)) - files.begin(), place.line, place.column, i);
  }
  std::ranges::sort(ranks);
  std::vector<Diagnostic> sorted;
  for (const auto& rank : ranks)
    sorted.push_back(found_[std::get<3>(rank)]);
  return sorted;
}

std::string Diagnostics::written(Format format) const {
  switch (format) {
    case Format::json: return written_as_json(all());
    case Format::github: return written_as_workflow_commands(all());
    case Format::text: break;
  }
  return written_as_text(all(), left_out_);
}

}  // namespace vajrapulse::document
