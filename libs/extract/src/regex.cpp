#include "vajrapulse/extract/regex.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "mistake_at.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kLongest = 4'096;
constexpr int kMostInstructions = 20'000;
constexpr std::int64_t kMemory = 4 << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  return options;
}

std::string_view cure_of(std::string_view text, RE2::ErrorCode code) {
  if (text.find("(?=") != text.npos || text.find("(?!") != text.npos || text.find("(?<") != text.npos)
    return "look-around is not available; match what stands around it and capture a group";
  switch (code) {
    case RE2::ErrorMissingParen: return "close the group with )";
    case RE2::ErrorUnexpectedParen: return "write \\) for a bracket that is meant as it is";
    case RE2::ErrorMissingBracket: return "close the set with ]";
    case RE2::ErrorRepeatArgument: return "write \\* \\+ or \\? for a sign that is meant as it is";
    case RE2::ErrorBadEscape: return "backreferences and unknown escapes are not available; see RE2's syntax";
    default: return "see RE2's syntax";
  }
}

Mistake mistake_of(std::string_view text, const RE2& regex) {
  if (regex.error_code() == RE2::ErrorPatternTooLarge)
    return mistake_at(text, 0, text.size(), "this pattern becomes too large", "repeat fewer times");
  const std::string& part = regex.error_arg();
  const std::size_t at = part.empty() ? 0 : std::min(text.find(part), text.size());
  std::string message = regex.error();
  if (!part.empty() && message.ends_with(": " + part)) message.resize(message.size() - part.size() - 2);
  return mistake_at(text, at == text.size() ? 0 : at, std::max<std::size_t>(part.size(), 1),
                    fmt::format("{} in this pattern", message), std::string(cure_of(text, regex.error_code())));
}

std::optional<int> group_number(const RE2& regex, std::string_view group) {
  if (group.empty()) return std::min(regex.NumberOfCapturingGroups(), 1);
  int number = 0;
  const auto [stop, failure] = std::from_chars(group.data(), group.data() + group.size(), number);
  if (failure == std::errc() && stop == group.data() + group.size())
    return number >= 0 && number <= regex.NumberOfCapturingGroups() ? std::optional(number) : std::nullopt;
  const auto& named = regex.NamedCapturingGroups();
  const auto found = named.find(std::string(group));
  return found == named.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

struct Regex::Program {
  explicit Program(std::string_view pattern) : text(pattern), regex(re2::StringPiece(text), options()) {}

  /// The next match at or after `at`; its group in `found`, which may have taken no part.
  bool match(std::string_view body, std::size_t at, re2::StringPiece& whole, re2::StringPiece& found) const {
    std::vector<re2::StringPiece> groups(std::size_t(group) + 1);
    const re2::StringPiece piece(body.data(), body.size());
    if (!regex.Match(piece, at, body.size(), RE2::UNANCHORED, groups.data(), int(groups.size()))) return false;
    whole = groups.front();
    found = groups.back();
    return true;
  }

  std::string text;
  RE2 regex;
  int group = 0;
};

std::expected<Regex, Mistake> Regex::compile(std::string_view text, std::string_view group) {
  if (auto fits = check_length(text, kLongest, "a pattern", "for example token=(\\w+)"); !fits)
    return std::unexpected(std::move(fits.error()));
  auto program = std::make_shared<Program>(text);
  if (!program->regex.ok()) return std::unexpected(mistake_of(text, program->regex));
  if (program->regex.ProgramSize() > kMostInstructions)
    return std::unexpected(mistake_at(text, 0, text.size(), "this pattern becomes too large", "repeat fewer times"));
  const auto number = group_number(program->regex, group);
  if (!number)
    return std::unexpected(mistake_at(text, 0, text.size(), fmt::format("this pattern has no group '{}'", group),
                                      "name it in the pattern: (?P<name>…)"));
  program->group = *number;
  return Regex(std::move(program));
}

Found Regex::first(Reader& reader) const {
  re2::StringPiece whole;
  re2::StringPiece found;
  if (!program_->match(reader.body(), 0, whole, found))
    return std::unexpected(Miss{Reason::missing, fmt::format("nothing in the body matches /{}/", program_->text)});
  if (found.data() == nullptr)
    return std::unexpected(Miss{
        Reason::missing, fmt::format("group {} of /{}/ took no part in the match", program_->group, program_->text)});
  return Value{.type = Type::text, .text = {found.data(), found.size()}};
}

std::expected<std::size_t, Miss> Regex::all(Reader& reader, std::vector<Value>& values, std::size_t most) const {
  const std::string_view body = reader.body();
  std::size_t count = 0;
  re2::StringPiece whole;
  re2::StringPiece found;
  for (std::size_t at = 0; at <= body.size() && count < most && program_->match(body, at, whole, found);) {
    if (found.data() != nullptr) {
      values.push_back({.type = Type::text, .text = {found.data(), found.size()}});
      ++count;
    }
    const std::size_t end = whole.empty() && body.empty() ? 0 : std::size_t(whole.data() - body.data()) + whole.size();
    at = end + (whole.empty() ? 1 : 0);
  }
  return count;
}

std::string_view Regex::text() const noexcept { return program_->text; }

}  // namespace vajrapulse::extract
