#include "vajrapulse/plan/vocabulary.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "encode.hpp"
#include "vajrapulse/base/text.hpp"

namespace vajrapulse::plan {
namespace {

using Kind = Vocabulary::Meaning::Kind;

constexpr std::string_view kSecretPrefix = "secret.";

std::vector<std::string> names_below(const std::map<std::string, Vocabulary::Meaning, std::less<>>& names,
                                     std::string_view prefix) {
  std::vector<std::string> below;
  for (auto at = names.lower_bound(prefix); at != names.end() && at->first.starts_with(prefix); ++at)
    below.push_back(at->first.substr(prefix.size()));
  return below;
}

std::string listed(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < kMost; ++i)
    text += (i == 0 ? "" : ", ") + words[i];
  return words.size() > kMost ? text + ", …" : text;
}

/// What was cut short may end within a secret: its beginning, before the mark of the cut.
void mask_cut(std::string_view secret, std::string& text) {
  constexpr std::string_view kCut = "…";
  constexpr std::size_t kTells = 4;  ///< less tells nothing
  for (std::size_t cut = text.find(kCut); cut != std::string::npos; cut = text.find(kCut, cut + kCut.size())) {
    for (std::size_t length = std::min(secret.size(), cut); length >= kTells; --length) {
      if (std::string_view(text).substr(cut - length, length) != secret.substr(0, length)) continue;
      text.replace(cut - length, length, "***");
      cut = cut - length + 3;
      break;
    }
  }
}

}  // namespace

criteria::Value value_of(const Vocabulary::Meaning& constant) {
  const std::string& text = constant.value;
  if (constant.type == criteria::Type::boolean) return criteria::Value::boolean(text == "true");
  if (constant.type == criteria::Type::number) {
    double number = 0;
    const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure == std::errc() && stop == text.data() + text.size()) return criteria::Value::of(number);
  }
  return criteria::Value::of(std::string_view(text));
}

Vocabulary::Vocabulary() {
  constexpr std::pair<std::string_view, Kind> kOwn[] = {{"iteration", Kind::iteration},
                                                        {"user", Kind::user},
                                                        {"shard", Kind::shard},
                                                        {"scenario", Kind::scenario},
                                                        {"task", Kind::task}};
  for (const auto& [name, kind] : kOwn) {
    const bool text = kind == Kind::scenario || kind == Kind::task;
    const auto type = text ? criteria::Type::text : criteria::Type::number;
    names_.emplace(name, Meaning{.kind = kind, .slot = 0, .value = {}, .secret = false, .type = type});
  }
}

void Vocabulary::constant(std::string name, std::string value, criteria::Type type) {
  names_[std::move(name)] = {
      .kind = Kind::constant, .slot = 0, .value = std::move(value), .secret = false, .type = type};
}

void Vocabulary::secret(std::string_view name, std::string value) {
  for (const Encoding encoding : {Encoding::raw, Encoding::url, Encoding::query, Encoding::json}) {
    std::string written;
    append_encoded(value, encoding, written);
    if (!written.empty() && std::ranges::find(hidden_, written) == hidden_.end()) hidden_.push_back(std::move(written));
  }
  std::ranges::sort(hidden_, std::greater<>(),
                    [](const std::string& text) { return std::pair(text.size(), std::string_view(text)); });
  names_[std::string(kSecretPrefix) + std::string(name)] = {
      .kind = Kind::constant, .slot = 0, .value = std::move(value), .secret = true, .type = criteria::Type::text};
}

void Vocabulary::doubt(std::string name) {
  if (doubted_.empty()) unsure_.slot = Slot(slots_++);
  doubted_.push_back(std::move(name));
}

bool Vocabulary::doubted(std::string_view name) const {
  return std::ranges::any_of(doubted_, [&](const std::string& each) {
    return name.starts_with(each) && (name.size() == each.size() || name[each.size()] == '.');
  });
}

Slot Vocabulary::declare(std::string_view name, criteria::Type type) {
  const auto [at, fresh] = names_.try_emplace(std::string(name));
  Meaning& meaning = at->second;
  if (!fresh && meaning.kind == Kind::slot) {
    if (meaning.type != type) meaning.type = criteria::Type::any;
    return meaning.slot;
  }
  meaning.kind = Kind::slot;  // its value stays: an expression before this one may refer to it
  meaning.slot = Slot(slots_++);
  meaning.type = type;
  return meaning.slot;
}

Slot Vocabulary::field(std::string_view source, std::string_view column, criteria::Type type) {
  const Slot slot = declare(std::string(source) + "." + std::string(column), type);
  if (std::ranges::find(fields_, slot, &Field::slot) == fields_.end())
    fields_.push_back({std::string(source), std::string(column), slot});
  return slot;
}

Slot Vocabulary::preset(const Meaning& meaning) {
  const Slot slot = Slot(slots_++);
  const bool constant = meaning.kind == Kind::constant;
  presets_.push_back({slot, constant ? value_of(meaning) : criteria::Value::null(), meaning.kind});
  return slot;
}

Expected<criteria::Binding> Vocabulary::bind(const criteria::Reference& reference) {
  const std::string name(reference.name);
  if (reference.argument) return fail(kUsage, "'" + name + "' takes nothing in brackets here", "write the name alone");
  const Meaning* meaning = find(name);
  if (!meaning) return std::unexpected(unknown(name));
  // A text of a plan or of a table may be meant as a number: "80". What it is compared with says so.
  const bool own = meaning->kind == Kind::scenario || meaning->kind == Kind::task;
  const auto type = meaning->type == criteria::Type::text && !own ? criteria::Type::any : meaning->type;
  if (meaning->kind == Kind::slot) return criteria::Binding{meaning->slot, type};
  const auto [at, fresh] = preset_slots_.try_emplace(name, Slot{0});
  if (fresh) at->second = preset(*meaning);
  return criteria::Binding{at->second, type};
}

const Vocabulary::Meaning* Vocabulary::find(std::string_view name) const {
  const auto at = names_.find(name);
  if (at == names_.end()) return doubted(name) ? &unsure_ : nullptr;
  at->second.used = true;
  return &at->second;
}

std::vector<Vocabulary::Field> Vocabulary::used_fields() const {
  std::vector<Field> used;
  for (const Field& field : fields_)
    if (const auto at = names_.find(field.source + "." + field.column); at != names_.end() && at->second.used)
      used.push_back(field);
  return used;
}

bool Vocabulary::has_fields(std::string_view name) const {
  const auto at = names_.upper_bound(std::string(name) + ".");
  return at != names_.end() && at->first.size() > name.size() + 1 && at->first.starts_with(name) &&
         at->first[name.size()] == '.';
}

Expected<Vocabulary::Meaning> Vocabulary::meaning(std::string_view name) const {
  if (const Meaning* found = find(name)) return *found;
  return std::unexpected(unknown(name));
}

Error Vocabulary::unknown(std::string_view name) const {
  const std::string written(name);
  const std::size_t dot = name.rfind('.');
  const std::string prefix(dot == std::string_view::npos ? std::string_view() : name.substr(0, dot + 1));
  const bool secret = prefix == kSecretPrefix;
  const auto siblings = prefix.empty() ? std::vector<std::string>() : names_below(names_, prefix);
  if (secret || !siblings.empty()) {
    const std::string last = written.substr(dot + 1);
    const std::string source = written.substr(0, dot);
    const auto near = nearest(last, siblings);
    const std::string cure = near               ? "did you mean '" + prefix + *near + "'?"
                             : siblings.empty() ? "name it under secrets:, and where its value comes from"
                             : secret           ? "there are " + listed(siblings)
                                                : "its columns are " + listed(siblings);
    return {kUsage, secret ? "'" + last + "' is no secret of this plan" : "'" + last + "' is no column of " + source,
            cure};
  }
  std::vector<std::string> all;
  for (const auto& [known, meaning] : names_)
    all.push_back(known);
  const auto near = nearest(written, all);
  return {kUsage, "'" + written + "' is no name here",
          near ? "did you mean '" + *near + "'?" : "define it under variables:, or capture it in an earlier step"};
}

std::string Vocabulary::masked(std::string text) const {
  for (const std::string& secret : hidden_)
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  for (const std::string& secret : hidden_)
    mask_cut(secret, text);
  return text;
}

}  // namespace vajrapulse::plan
