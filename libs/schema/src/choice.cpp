#include <fmt/format.h>

#include <algorithm>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/schema/shapes.hpp"
#include "words.hpp"

namespace vajrapulse::schema {

namespace detail {

Description describe(const Language& language) {
  Description description;
  description.name = language.name;
  description.about = language.about;
  description.examples = language.examples;
  description.scalar.pattern = language.pattern;
  description.scalar.numbers = language.numbers;
  description.scalar.truth = language.numbers != ScalarForm::Numbers::none;
  description.scalar.placeholders = language.placeholders;
  return description;
}

Description describe_choice(std::string name, std::vector<Word> words) {
  Description description;
  description.name = std::move(name);
  description.scalar.words = std::move(words);
  return description;
}

std::expected<std::size_t, Mistake> chosen(std::string_view text, const std::string& name,
                                           const std::vector<Word>& words) {
  const auto found = std::ranges::find(words, text, &Word::text);
  if (found != words.end()) return std::size_t(found - words.begin());
  std::vector<std::string> candidates;
  for (const Word& word : words)
    candidates.push_back(word.text);
  const auto same = std::ranges::find(candidates, as_kebab(text));
  const auto near = same != candidates.end() ? std::optional(*same) : nearest(text, candidates);
  return std::unexpected(
      Mistake{.message = fmt::format("'{}' is no {}", text, name),
              .cure = near ? fmt::format("did you mean '{}'?", *near) : fmt::format("write {}", joined(candidates))});
}

}  // namespace detail

Shape<std::string> word(std::string name, std::vector<Word> words) {
  std::vector<Choice<std::string>> choices;
  for (const Word& each : words)
    choices.push_back({each.text, each.text, each.about});
  return choice<std::string>(std::move(name), std::move(choices));
}

}  // namespace vajrapulse::schema
