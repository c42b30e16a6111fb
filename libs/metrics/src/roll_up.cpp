#include "roll_up.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "descriptor_key.hpp"

namespace vajrapulse::metrics {
namespace {

/// Whose iteration or request it was, from coarse to fine.
constexpr std::array<std::string_view, 3> kIdentity{"scenario", "task", "name"};
constexpr std::string_view kStatus = "status";
constexpr std::string_view kCode = "code";

Tags without(Tags tags, std::string_view tag) {
  std::erase_if(tags, [tag](const auto& pair) { return pair.first == tag; });
  return tags;
}

}  // namespace

std::vector<Tags> RollUp::combinations(const Tags& tags) {
  std::vector<Tags> all;
  const auto add = [&all](Tags set) {
    if (std::ranges::find(all, set) == all.end()) all.push_back(std::move(set));
  };
  Tags set = tags;
  for (std::size_t level = kIdentity.size();; --level) {
    // A code is finer than a status: each level as a whole, by status, and by status and code.
    add(without(without(set, kCode), kStatus));
    add(without(set, kCode));
    add(set);
    if (level == 0) return all;
    set = without(std::move(set), kIdentity[level - 1]);
  }
}

template <class Value>
Value& RollUp::place(const Descriptor& leaf, Tags tags, const Value&) {
  std::string key = key_of(leaf.name, tags);
  auto found = metrics_.find(key);
  if (found == metrics_.end()) {
    Metric metric{.descriptor = {.name = leaf.name, .tags = std::move(tags), .type = leaf.type, .unit = leaf.unit},
                  .value = Value{}};
    found = metrics_.emplace(std::move(key), std::move(metric)).first;
  }
  return std::get<Value>(found->second.value);
}

template Histogram& RollUp::place(const Descriptor&, Tags, const Histogram&);
template std::uint64_t& RollUp::place(const Descriptor&, Tags, const std::uint64_t&);
template Gauge& RollUp::place(const Descriptor&, Tags, const Gauge&);

std::vector<Metric> RollUp::take() {
  std::vector<Metric> all;
  all.reserve(metrics_.size());
  for (auto& [key, metric] : metrics_)
    all.push_back(std::move(metric));
  metrics_.clear();
  return all;
}

}  // namespace vajrapulse::metrics
