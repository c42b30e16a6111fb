#include <fmt/format.h>

#include <charconv>
#include <regex>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/schema/shapes.hpp"
#include "words.hpp"

namespace vajrapulse::schema {
namespace {

using Numbers = ScalarForm::Numbers;

/// std::regex recurses on every character: longer texts do not reach it.
constexpr std::size_t kMostForPattern = 1000;

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
  return count;
}

/// Whether a text of this pattern could be a number or a truth in YAML.
bool takes_numbers(const std::regex& pattern) {
  for (const char* each : {"1", "10", "1.5", "200"})
    if (std::regex_match(each, pattern)) return true;
  return false;
}

std::optional<std::regex> compiled(const std::string& pattern) {
  if (pattern.empty()) return std::nullopt;
  return std::regex(pattern, std::regex::ECMAScript | std::regex::optimize);
}

std::string example_words(const TextOptions& options) {
  return options.examples.empty() ? "" : "write for example " + options.examples.front();
}

Description describe(const TextOptions& options, const std::optional<std::regex>& pattern) {
  Description description;
  description.name = options.name;
  description.about = options.about;
  description.examples = options.examples;
  ScalarForm& form = description.scalar;
  form.least_length = options.least;
  form.most_length = options.most;
  form.numbers = !pattern || takes_numbers(*pattern) ? Numbers::any : Numbers::none;
  form.truth = !pattern || std::regex_match("true", *pattern);
  if (pattern) {
    form.pattern = "^(?:" + options.pattern + ")$";
    if (!form.most_length) form.most_length = kMostForPattern;
  }
  return description;
}

std::optional<Mistake> length_mistake(std::string_view text, const TextOptions& options, std::size_t most) {
  const std::size_t count = characters(text);
  if (count < options.least)
    return Mistake{.message = count == 0 ? fmt::format("{} must not be empty", with_article(options.name))
                                         : fmt::format("'{}' is too short for {}: at least {} characters are needed",
                                                       text, with_article(options.name), options.least),
                   .cure = example_words(options)};
  if (count > most)
    return Mistake{.message = fmt::format("{} characters are too many for {}", count, with_article(options.name)),
                   .cure = fmt::format("write at most {}", most)};
  return std::nullopt;
}

std::string no_number_cure(std::string_view text, const std::string& example) {
  std::string digits;
  for (const char c : text)
    if (c != ',' && c != '_' && c != ' ' && c != '\'') digits += c;
  const bool grouped = digits.size() != text.size() && is_number(digits);
  if (grouped) return fmt::format("write {}", digits);
  const std::string_view front = leading_number(text);
  if (!front.empty() && front.size() < text.size()) return fmt::format("write {} without a unit", front);
  return fmt::format("write for example {}", example);
}

template <class T>
std::expected<T, Mistake> in_range(T value, std::string_view text, std::optional<T> least, std::optional<T> most) {
  if (least && value < *least)
    return std::unexpected(
        Mistake{.message = fmt::format("'{}' is too small", text), .cure = fmt::format("write {} or more", *least)});
  if (most && value > *most)
    return std::unexpected(
        Mistake{.message = fmt::format("'{}' is too large", text), .cure = fmt::format("write {} or less", *most)});
  return value;
}

}  // namespace

Shape<std::string> text(TextOptions options) {
  const std::optional<std::regex> pattern = compiled(options.pattern);
  Description description = describe(options, pattern);
  const std::size_t most = description.scalar.most_length.value_or(std::size_t(-1));
  return detail::scalar<std::string>(
      std::move(description),
      [options = std::move(options), pattern, most](std::string_view text) -> std::expected<std::string, Mistake> {
        if (auto mistake = length_mistake(text, options, most)) return std::unexpected(*std::move(mistake));
        if (!pattern || std::regex_match(text.begin(), text.end(), *pattern)) return std::string(text);
        const std::string why = options.pattern_words.empty() ? "" : ": it must be " + options.pattern_words;
        return std::unexpected(Mistake{.message = fmt::format("'{}' is no {}{}", text, options.name, why),
                                       .cure = example_words(options)});
      });
}

Shape<std::string> template_text(TextOptions options) {
  Description description = describe(options, std::nullopt);
  description.scalar.placeholders = ScalarForm::Placeholders::kept;
  const std::size_t most = options.most.value_or(std::size_t(-1));
  return detail::scalar<std::string>(
      std::move(description),
      [options = std::move(options), most](std::string_view text) -> std::expected<std::string, Mistake> {
        if (auto mistake = length_mistake(text, options, most)) return std::unexpected(*std::move(mistake));
        return std::string(text);
      });
}

Shape<std::string> kebab_name(std::string name) {
  Description description;
  description.name = name;
  description.scalar.pattern = kKebabPattern;
  return detail::scalar<std::string>(
      std::move(description), [name = std::move(name)](std::string_view text) -> std::expected<std::string, Mistake> {
        if (is_kebab(text)) return std::string(text);
        return std::unexpected(Mistake{.message = no_kebab(text, name), .cure = kebab_cure(text)});
      });
}

Shape<bool> boolean() {
  Description description;
  description.name = "true or false";
  description.many = "values that are true or false";
  description.scalar.truth = true;
  description.scalar.pattern = "^(?:true|false)$";
  return detail::scalar<bool>(std::move(description), [](std::string_view text) -> std::expected<bool, Mistake> {
    if (text == "true") return true;
    if (text == "false") return false;
    const std::string small = lower(text);
    const bool yes = small == "yes" || small == "on" || small == "true" || small == "1";
    const bool no = small == "no" || small == "off" || small == "false" || small == "0";
    return std::unexpected(Mistake{.message = fmt::format("'{}' is neither true nor false", text),
                                   .cure = yes  ? "write true"
                                           : no ? "write false"
                                                : "write true or false"});
  });
}

Shape<std::int64_t> whole_number(std::int64_t least, std::int64_t most) {
  using Limits = std::numeric_limits<std::int64_t>;
  Description description;
  description.name = "whole number";
  description.scalar.numbers = Numbers::whole;
  description.scalar.pattern = least >= 0 ? "^[0-9]+$" : "^-?[0-9]+$";
  if (least != Limits::min()) description.scalar.least = double(least);
  if (most != Limits::max()) description.scalar.most = double(most);
  return detail::scalar<std::int64_t>(
      std::move(description), [least, most](std::string_view text) -> std::expected<std::int64_t, Mistake> {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && end == text.data() + text.size())
          return in_range<std::int64_t>(value, text, least, most);
        const std::string example = fmt::format("{}", std::clamp<std::int64_t>(10, least, most));
        if (error == std::errc::result_out_of_range && end == text.data() + text.size())
          return std::unexpected(
              Mistake{.message = fmt::format("'{}' is too {}", text, text.starts_with('-') ? "small" : "large"),
                      .cure = fmt::format("write for example {}", example)});
        return std::unexpected(
            Mistake{.message = fmt::format("'{}' is no whole number", text), .cure = no_number_cure(text, example)});
      });
}

Shape<double> number(std::optional<double> least, std::optional<double> most) {
  Description description;
  description.name = "number";
  description.scalar.numbers = Numbers::any;
  description.scalar.pattern = R"(^[-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$)";
  description.scalar.least = least;
  description.scalar.most = most;
  return detail::scalar<double>(
      std::move(description), [least, most](std::string_view text) -> std::expected<double, Mistake> {
        if (const auto value = decimal(text)) return in_range<double>(*value, text, least, most);
        const double example = std::clamp(1.5, least.value_or(1.5), std::max(most.value_or(1.5), least.value_or(1.5)));
        return std::unexpected(Mistake{.message = fmt::format("'{}' is no number", text),
                                       .cure = no_number_cure(text, fmt::format("{}", example))});
      });
}

}  // namespace vajrapulse::schema
