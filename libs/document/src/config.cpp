#include "vajrapulse/document/config.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "expand.hpp"
#include "merge.hpp"
#include "override.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/document/read.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::size_t kMostFiles = 256;  ///< read for one plan, a file read twice counted twice

std::size_t values_in(const Node& node) noexcept {
  std::size_t count = 1;
  for (const auto& item : node.items)
    count += values_in(item);
  for (const auto& entry : node.entries)
    count += values_in(entry.value);
  return count;
}

std::optional<Node> taken(Node& map, std::string_view key) {
  const auto found = std::ranges::find(map.entries, key, &Entry::key);
  if (found == map.entries.end()) return std::nullopt;
  Node value = std::move(found->value);
  map.entries.erase(found);
  return value;
}

/// One plan's files, read with those they name. What is wrong goes to the diagnostics; reading goes on without it.
class Assembly {
 public:
  Assembly(const ConfigRequest& request, const FileAccess& access, Diagnostics& diagnostics)
      : request_(request), access_(access), diagnostics_(diagnostics) {}

  std::optional<Node> plan() {
    if (request_.text) return whole({request_.plan, access_.files().absolute(request_.plan)}, *request_.text, nullptr);
    const auto resolved = access_.files().resolved(request_.plan);
    if (!resolved) return no_plan(resolved.error());
    auto text = access_.files().read(request_.plan, kMostBytes);
    if (!text) return no_plan(text.error());
    return whole({request_.plan, *resolved}, std::move(*text), nullptr);
  }

  [[nodiscard]] std::vector<FileAccess::Found> files() && { return std::move(files_); }

 private:
  std::nullopt_t no_plan(const Error& error) {
    diagnostics_.error({std::make_shared<Source>(request_.plan, "")}, error.message, error.cure);
    return std::nullopt;
  }

  /// A file with its bases below it and its pieces beside it.
  std::optional<Node> whole(const FileAccess::Found& file, std::string text, std::shared_ptr<const Place> named_by) {
    const auto source = std::make_shared<const Source>(file.name, std::move(text), named_by);
    files_.push_back(file);
    auto own = read(source, diagnostics_);
    if (!own || !count(*own)) return std::nullopt;
    if (own->kind == Node::Kind::null && open_.empty()) {
      diagnostics_.error(own->place, "this plan is empty",
                         "begin with scenarios: [ { name: steady-state, tps: 1000, duration: 10m } ], and give --url");
      return std::nullopt;
    }
    if (own->kind == Node::Kind::null) own = Node{.kind = Node::Kind::map, .place = own->place};
    if (own->kind != Node::Kind::map) {
      diagnostics_.error(own->place,
                         fmt::format("a plan is a map of keys and values, and this is {}", article_name(*own)),
                         "begin with a key, for example 'scenarios:'");
      return std::nullopt;
    }
    open_.push_back(file);
    auto result = with_pieces(std::move(*own), folder_of(file.name));
    open_.pop_back();
    return result;
  }

  Node with_pieces(Node own, const std::string& folder) {
    const auto bases = taken(own, "extends");
    const auto pieces = taken(own, "include");
    Node beside{.kind = Node::Kind::map, .place = own.place};
    each_named(pieces, "include", folder, [&](Node piece) { merge_beside(beside, std::move(piece), diagnostics_); });
    merge_beside(beside, std::move(own), diagnostics_);
    if (!bases) return beside;
    Node result{.kind = Node::Kind::map, .place = beside.place};
    each_named(bases, "extends", folder, [&](Node base) {
      settle_plan(result, diagnostics_);
      merge_over(result, std::move(base), diagnostics_);
    });
    settle_plan(result, diagnostics_);
    merge_over(result, std::move(beside), diagnostics_);
    return result;
  }

  template <class Take>
  void each_named(const std::optional<Node>& names, std::string_view key, const std::string& folder, Take take) {
    if (!names) return;
    if (names->kind == Node::Kind::list) {
      for (const auto& name : names->items)
        if (auto node = named(name, key, folder)) take(std::move(*node));
    } else if (auto node = named(*names, key, folder)) {
      take(std::move(*node));
    }
  }

  std::optional<Node> named(Node name, std::string_view key, const std::string& folder) {
    if (name.kind != Node::Kind::scalar) {
      diagnostics_.error(name.place,
                         fmt::format("'{}' names a file or a list of files, and this is {}", key, article_name(name)),
                         fmt::format("write '{}: base.yml'", key));
      return std::nullopt;
    }
    const auto errors = diagnostics_.errors();
    expand(name, request_.environment, {}, diagnostics_);
    if (diagnostics_.errors() != errors) return std::nullopt;
    const auto found = access_.find(name.text, folder);
    if (!found) return wrong(name, found.error());
    if (!may_read(name, *found)) return std::nullopt;
    auto text = access_.files().read(found->name, kMostBytes);
    if (!text) return wrong(name, text.error());
    bytes_ += text->size();
    return whole(*found, std::move(*text), std::make_shared<const Place>(name.place));
  }

  std::nullopt_t wrong(const Node& name, const Error& error) {
    diagnostics_.error(name.place, error.message, error.cure);
    return std::nullopt;
  }

  /// No circles, and no tree of files that grows without end.
  bool may_read(const Node& name, const FileAccess::Found& file) {
    const auto again = std::ranges::find(open_, file.resolved, &FileAccess::Found::resolved);
    if (again != open_.end()) {
      std::string circle;
      for (auto step = again; step != open_.end(); ++step)
        circle += step->name + " → ";
      diagnostics_.error(name.place, fmt::format("these files read each other in a circle: {}{}", circle, file.name),
                         "remove one of the 'extends' or 'include'");
      return false;
    }
    if (files_.size() < kMostFiles && bytes_ < 4 * kMostBytes && open_.size() < kMostNesting) return true;
    if (!std::exchange(too_many_, true))
      diagnostics_.error(name.place,
                         fmt::format("a plan may read {} files of {} MiB in all, {} deep", kMostFiles,
                                     4 * kMostBytes >> 20, kMostNesting),
                         "include each file once");
    return false;
  }

  bool count(const Node& node) {
    values_ += values_in(node);
    if (values_ <= 2 * kMostNodes) return true;
    if (!std::exchange(too_many_, true))
      diagnostics_.error(node.place, fmt::format("the files of this plan have more than {} values", 2 * kMostNodes),
                         "keep data in files of their own, which may be of any size");
    return false;
  }

  const ConfigRequest& request_;
  const FileAccess& access_;
  Diagnostics& diagnostics_;
  std::vector<FileAccess::Found> files_;
  std::vector<FileAccess::Found> open_;  // the plan, and from each the file it names
  std::size_t bytes_ = 0;
  std::size_t values_ = 0;
  bool too_many_ = false;
};

void set_origin(Node& node, const std::string& origin) {
  node.origin = origin;
  for (auto& item : node.items)
    set_origin(item, origin);
  for (auto& entry : node.entries)
    set_origin(entry.value, origin);
}

std::vector<std::string> names_of(const std::optional<Node>& profiles) {
  std::vector<std::string> names;
  if (profiles)
    for (const auto& entry : profiles->entries)
      names.push_back(entry.key);
  return names;
}

std::string profile_cure(const std::string& name, const std::vector<std::string>& known) {
  if (known.empty()) return "the plan has no 'profiles'";
  if (const auto near = nearest(name, known)) return fmt::format("did you mean '{}'?", *near);
  std::string list;
  for (const auto& one : known)
    list += (list.empty() ? "" : ", ") + one;
  return "there is " + list;
}

/// The chosen profiles, in their order, over the plan.
class Profiles {
 public:
  Profiles(std::optional<Node> all, Diagnostics& diagnostics) : all_(std::move(all)), diagnostics_(diagnostics) {
    if (!all_ || all_->kind == Node::Kind::map || all_->kind == Node::Kind::null) return;
    diagnostics_.error(all_->place, fmt::format("'profiles' is a map of names, and this is {}", article_name(*all_)),
                       "write 'profiles: { staging: { ... } }'");
    all_.reset();
  }

  [[nodiscard]] std::vector<std::string> names() const { return names_of(all_); }

  void put(const std::string& name, Node& plan) {
    const Node* profile = all_ ? all_->find(name) : nullptr;
    if (!profile) {
      const auto source = std::make_shared<const Source>("--profile", name);
      diagnostics_.error({source, 1, 1, std::max<std::size_t>(name.size(), 1)},
                         fmt::format("the plan has no profile '{}'", name), profile_cure(name, names()));
      return;
    }
    if (profile->kind == Node::Kind::null) return;
    if (profile->kind != Node::Kind::map) {
      diagnostics_.error(profile->place,
                         fmt::format("a profile is a map of what it changes, and this is {}", article_name(*profile)),
                         "write the keys of the plan below its name");
      return;
    }
    Node copy = *profile;
    set_origin(copy, "profile " + name);
    settle_appends(plan, diagnostics_);
    merge_over(plan, std::move(copy), diagnostics_);
  }

 private:
  std::optional<Node> all_;
  Diagnostics& diagnostics_;
};

std::vector<Override> overrides_of(const ConfigRequest& request, Diagnostics& diagnostics) {
  std::vector<Override> all;
  auto variables = request.variables;
  std::erase_if(variables, [](const auto& variable) { return !variable.first.starts_with(kOverridePrefix); });
  std::ranges::sort(variables);  // the environment has no order, a plan has
  for (const auto& [name, value] : variables)
    if (auto change = read_variable(name, value, diagnostics)) all.push_back(std::move(*change));
  for (const auto& assignment : request.set)
    if (auto change = read_set(assignment, diagnostics)) all.push_back(std::move(*change));
  return all;
}

}  // namespace

std::optional<Config> load(const ConfigRequest& request, const FileAccess& access, Diagnostics& diagnostics) {
  const auto errors = diagnostics.errors();
  Assembly assembly(request, access, diagnostics);
  auto read = assembly.plan();
  if (!read) return std::nullopt;
  Node plan = request.defaults.value_or(Node{.kind = Node::Kind::map});
  const auto place = read->place;
  merge_over(plan, std::move(*read), diagnostics);
  plan.place = place;
  settle_plan(plan, diagnostics);
  Profiles profiles(taken(plan, "profiles"), diagnostics);
  for (const auto& name : request.profiles)
    profiles.put(name, plan);
  settle_appends(plan, diagnostics);
  std::vector<std::shared_ptr<const Source>> literal;
  for (auto& change : overrides_of(request, diagnostics)) {
    literal.push_back(change.source);
    apply(std::move(change), plan, diagnostics);
  }
  expand(plan, request.environment, literal, diagnostics);
  if (diagnostics.errors() != errors) return std::nullopt;
  return Config{std::move(plan), std::move(assembly).files(), profiles.names()};
}

}  // namespace vajrapulse::document
