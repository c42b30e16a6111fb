#include "vajrapulse/schema/reading.hpp"

#include <fmt/format.h>

namespace vajrapulse::schema {
namespace {

bool has_placeholder(const document::Node& scalar) { return scalar.text.find("{{") != std::string::npos; }

/// The text from this character (UTF-8) on.
std::string_view from_character(std::string_view text, std::size_t character) {
  std::size_t at = 0;
  while (character > 0 && at < text.size()) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
      ++at;
    --character;
  }
  return text.substr(at);
}

std::string called(const Description& description, const Subject& subject) {
  if (!subject.words.empty()) return subject.words;
  const bool map = description.kind == Description::Kind::object || description.kind == Description::Kind::keyed;
  return map ? with_article(description.name) : "the value";
}

}  // namespace

std::optional<std::string> Reading::constant(const document::Node& scalar) {
  diagnostics().error(scalar.place,
                      fmt::format("'{}' has to be known before the run, and no variables are known here", scalar.text),
                      "write the value itself");
  return std::nullopt;
}

std::string example_cure(const Description& description, const Subject& subject) {
  const std::string example = subject.example.empty() ? sample(description) : subject.example;
  return example.empty() ? "" : fmt::format("write for example {}{}", subject.before, example);
}

bool wrong_kind(const document::Node& node, const Description& description, Reading& reading) {
  const Subject& subject = reading.position().subject;
  const std::string name = called(description, subject);
  const bool nothing = node.kind == document::Node::Kind::null;
  reading.diagnostics().error(node.place,
                              nothing ? fmt::format("{} has no value", name)
                                      : fmt::format("{} must be {}, and this is {}", name, words_for(description),
                                                    document::article_name(node)),
                              example_cure(description, subject));
  return false;
}

std::optional<std::string> scalar_text(const document::Node& node, const Description& description, Reading& reading) {
  if (node.kind != document::Node::Kind::scalar) {
    wrong_kind(node, description, reading);
    return std::nullopt;
  }
  const bool replace = description.scalar.placeholders == ScalarForm::Placeholders::constant && has_placeholder(node);
  return replace ? reading.constant(node) : std::optional(node.text);
}

document::Place place_inside(const document::Node& scalar, std::size_t column, std::size_t length) {
  if (column == 0) return scalar.place;
  const std::size_t offset = column - 1;
  if (scalar.place.source) {
    // Escapes, blocks and replaced variables are not in the file as they are in the text.
    const auto written = from_character(scalar.place.source->line(scalar.place.line), scalar.place.column - 1);
    if (!written.starts_with(scalar.text)) return scalar.place;
  }
  return scalar.place.part(offset, length == 0 ? 1 : length);
}

void report(const document::Node& scalar, const std::vector<Mistake>& mistakes, const Description& description,
            Reading& reading) {
  const bool replaced =
      description.scalar.placeholders == ScalarForm::Placeholders::constant && has_placeholder(scalar);
  for (const Mistake& mistake : mistakes)
    reading.diagnostics().error(replaced ? scalar.place : place_inside(scalar, mistake.column, mistake.length),
                                mistake.message, mistake.cure);
}

}  // namespace vajrapulse::schema
