#include "vajrapulse/schema/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vajrapulse::schema {
namespace {

using Kind = Description::Kind;

constexpr std::string_view kTruth = "true or false";

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::ranges::any_of(beginnings, [&](std::string_view each) { return text.starts_with(each); });
}

std::string plural_noun(std::string_view noun) {
  const auto ends = [&](std::string_view with) { return noun.ends_with(with); };
  if (noun.size() > 1 && ends("y") && std::string_view("aeiou").find(noun[noun.size() - 2]) == std::string_view::npos)
    return std::string(noun.substr(0, noun.size() - 1)) + "ies";
  const bool hisses = ends("s") || ends("x") || ends("ch") || ends("sh");
  return std::string(noun) + (hisses ? "es" : "s");
}

std::string words_for_list(const Description& list) {
  const std::string many = "a list of " + plural(*list.of);
  return list.one_alone ? words_for(*list.of) + " or " + many : many;
}

std::string sample_at(const Description& description, int depth);

std::string field_sample(const Field& field, int depth) {
  return field.examples.empty() ? sample_at(*field.shape, depth) : field.examples.front();
}

/// A scalar as it can stand inside braces and brackets.
std::string in_flow(const std::string& written) {
  if (written.empty()) return "\"\"";
  if (starts_with_any(written, {"{ ", "[", "\"", "'"})) return written;
  const bool plain = written.find_first_of(",[]{}#") == std::string::npos && written.find(": ") == std::string::npos;
  return plain ? written : fmt::format("\"{}\"", written);
}

bool shown_in_sample(const Description& object, const Field& field) {
  if (field.required && field.with.empty()) return true;
  return std::ranges::any_of(object.rules, [&](const Rule& rule) {
    const bool one = rule.kind == Rule::Kind::exactly_one || rule.kind == Rule::Kind::at_least_one;
    return one && rule.keys.front() == field.key;
  });
}

std::string object_sample(const Description& object, int depth) {
  std::vector<std::string> entries;
  for (const Field& field : object.fields)
    if (shown_in_sample(object, field))
      entries.push_back(fmt::format("{}: {}", field.key, in_flow(field_sample(field, depth))));
  if (entries.empty() && !object.fields.empty()) {
    const Field& first = object.fields.front();
    entries.push_back(fmt::format("{}: {}", first.key, in_flow(field_sample(first, depth))));
  }
  return entries.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(entries, ", "));
}

std::string scalar_sample(const Description& scalar) {
  if (!scalar.scalar.words.empty()) return scalar.scalar.words.front().text;
  if (scalar.name == kTruth) return "true";
  if (scalar.scalar.numbers != ScalarForm::Numbers::none && scalar.scalar.least)
    return fmt::format("{}", *scalar.scalar.least);
  if (scalar.scalar.numbers == ScalarForm::Numbers::whole) return "10";
  return scalar.name;
}

std::string map_key_sample(const Description& map) {
  const std::size_t last = map.key_name.rfind(' ');
  return last == std::string::npos ? map.key_name : map.key_name.substr(last + 1);
}

std::string sample_at(const Description& description, int depth) {
  constexpr int kDeepest = 4;
  if (!description.examples.empty()) return description.examples.front();
  if (depth > kDeepest) return "…";
  switch (description.kind) {
    case Kind::scalar: return scalar_sample(description);
    case Kind::list: return fmt::format("[ {} ]", in_flow(sample_at(*description.of, depth + 1)));
    case Kind::map:
      return fmt::format("{{ {}: {} }}", map_key_sample(description), in_flow(sample_at(*description.of, depth + 1)));
    case Kind::object: return object_sample(description, depth + 1);
    case Kind::forms: return description.forms.empty() ? "" : sample_at(*description.forms.front(), depth + 1);
    case Kind::keyed:
      return description.alternatives.empty() ? "" : sample_at(*description.alternatives.front().shape, depth + 1);
    case Kind::reference: return sample_at(*description.target(), depth + 1);
    case Kind::anything: return {};
  }
  return {};
}

}  // namespace

const Field* Description::field(std::string_view key) const noexcept {
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() ? nullptr : &*found;
}

std::string with_article(std::string_view noun) {
  // "an HTTP step", but "a user", "a URL".
  const bool vowel = !noun.empty() && std::string_view("aeioAEIO").find(noun.front()) != std::string_view::npos;
  const bool sounds =
      starts_with_any(noun, {"http", "HTTP", "XPath", "HTML", "SQL", "un", "up"}) && !starts_with_any(noun, {"uni"});
  return fmt::format("{} {}", vowel || sounds ? "an" : "a", noun);
}

std::string plural(const Description& description) {
  if (!description.many.empty()) return description.many;
  switch (description.kind) {
    case Kind::list: return "lists of " + plural(*description.of);
    case Kind::map: return fmt::format("maps of {} to {}", plural_noun(description.key_name), plural(*description.of));
    case Kind::anything: return "values";
    case Kind::forms:
    case Kind::scalar:
    case Kind::object:
    case Kind::keyed:
    case Kind::reference: break;
  }
  return plural_noun(description.name);
}

std::string words_for(const Description& description) {
  switch (description.kind) {
    case Kind::scalar: return description.name == kTruth ? std::string(kTruth) : with_article(description.name);
    case Kind::list: return words_for_list(description);
    case Kind::map: return fmt::format("a map of {} to {}", plural_noun(description.key_name), plural(*description.of));
    case Kind::object:
    case Kind::keyed: return "a map";
    case Kind::reference: return words_for(*description.target());
    case Kind::anything: return "a value";
    case Kind::forms: break;
  }
  std::vector<std::string> words;
  for (const DescriptionPtr& form : description.forms)
    words.push_back(words_for(*form));
  return joined(words);
}

std::string sample(const Description& description) { return sample_at(description, 0); }

DescriptionPtr resolved(DescriptionPtr description) {
  constexpr int kMost = 16;  // references to references, and no further
  for (int i = 0; i < kMost && description->kind == Kind::reference; ++i)
    description = description->target();
  return description;
}

DescriptionPtr borrowed(const Description& description) {
  return DescriptionPtr(std::shared_ptr<const Description>{}, &description);
}

std::string joined(const std::vector<std::string>& words, std::string_view last) {
  if (words.empty()) return {};
  if (words.size() == 1) return words.front();
  return fmt::format("{} {} {}", fmt::join(words.begin(), words.end() - 1, ", "), last, words.back());
}

}  // namespace vajrapulse::schema
