#include "template_parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "calendar.hpp"
#include "encode.hpp"
#include "mistakes.hpp"
#include "vajrapulse/base/text.hpp"

namespace vajrapulse::plan {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::int64_t kLongestRandom = 65'536;

struct Function {
  std::string_view name;
  std::size_t least, most;
  std::string_view takes;
  std::string_view example;
};
constexpr Function kFunctions[] = {
    {"uuid", 0, 0, "takes nothing", "uuid()"},
    {"random_int", 2, 2, "takes two whole numbers", "random_int(1,100)"},
    {"random_string", 1, 1, "takes one whole number", "random_string(12)"},
    {"now", 0, 1, "takes one format", "now('%FT%T')"},
};

const Function* function_named(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kFunctions, name, &Function::name);
  return found == std::end(kFunctions) ? nullptr : found;
}

bool begins_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_of_name(char c) noexcept { return begins_name(c) || is_digit(c) || c == '-' || c == '.'; }

std::string quoted(std::string_view text) {
  std::string out = "'";
  return out.append(text) + "'";
}

std::string braced(std::string_view text) {
  std::string out(kOpen);
  return out.append(text).append(kClose);
}

/// The whole character at the front of `rest`, for messages.
std::string_view character(std::string_view rest) noexcept {
  std::size_t length = 1;
  while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xc0) == 0x80)
    ++length;
  return rest.substr(0, length);
}

std::string functions_cure(std::string_view word) {
  std::vector<std::string> names;
  for (const Function& function : kFunctions)
    names.emplace_back(function.name);
  if (const auto near = nearest(word, names))
    return "did you mean " + std::string(function_named(*near)->example) + "?";
  return "the functions are uuid(), random_int(1,100), random_string(12) and now('%FT%T')";
}

Piece::Kind kind_of(Vocabulary::Meaning::Kind kind) noexcept {
  using Kind = Vocabulary::Meaning::Kind;
  switch (kind) {
    case Kind::constant: return Piece::Kind::text;
    case Kind::slot: return Piece::Kind::slot;
    case Kind::iteration: return Piece::Kind::iteration;
    case Kind::user: return Piece::Kind::user;
    case Kind::shard: return Piece::Kind::shard;
    case Kind::scenario: return Piece::Kind::scenario;
    case Kind::task: return Piece::Kind::task;
  }
  return Piece::Kind::text;
}

std::optional<std::int64_t> integer(std::string_view text) noexcept {
  std::int64_t number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void TemplateParser::mistake(std::size_t at, std::size_t length, std::string message, std::string cure) {
  if (mistakes.size() < kMostMistakes)
    mistakes.push_back(mistake_at(text_, at, length, std::move(message), std::move(cure)));
}

std::size_t TemplateParser::skip_blanks(std::size_t at, std::size_t end) const noexcept {
  while (at < end && (text_[at] == ' ' || text_[at] == '\t' || text_[at] == '\n' || text_[at] == '\r'))
    ++at;
  return at;
}

std::size_t TemplateParser::word_end(std::size_t at, std::size_t end) const noexcept {
  while (at < end && is_of_name(text_[at]))
    ++at;
  return at;
}

void TemplateParser::parse() {
  std::size_t at = 0;
  while (at < text_.size()) {
    const std::size_t open = text_.find(kOpen, at);
    if (open == std::string_view::npos) break;
    literal(text_.substr(at, open - at), at);
    std::size_t braces = 2;
    while (open + braces < text_.size() && braces < 4 && text_[open + braces] == '{')
      ++braces;
    if (braces == 4) {
      literal(kOpen, open);
      at = open + 4;
    } else if (braces == 3) {
      literal("{", open);  // {{{name}}}: a placeholder within braces, as JSON has them
      at = open + 1;
      at = placeholder(at);
    } else {
      at = placeholder(open);
    }
  }
  if (at < text_.size()) literal(text_.substr(at), at);
}

void TemplateParser::literal(std::string_view text, std::size_t at) {
  if (text.empty()) return;
  literal_bytes += text.size();
  if (!can_stand(text, encoding_)) {
    const std::size_t bad = text.find_first_of(std::string_view("\r\n\0", 3));
    return mistake(at + bad, 1, "a header's value cannot hold a line end", "write it in one line");
  }
  constant(text);
}

void TemplateParser::constant(std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || pieces.back().kind != Piece::Kind::text) pieces.emplace_back();
  pieces.back().text += text;
}

std::size_t TemplateParser::placeholder(std::size_t at) {
  ++placeholders;
  const std::size_t begin = at + kOpen.size();
  char quote = 0;
  for (std::size_t end = begin; end < text_.size(); ++end) {
    const char c = text_[end];
    if (quote != 0) {
      if (c == quote) quote = 0;
      if (c == '\n') break;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (text_.substr(end).starts_with(kClose)) {
      content(begin, end);
      return end + kClose.size();
    } else if (text_.substr(end).starts_with(kOpen)) {
      mistake(end, 2, "'{{' begins again before '}}'",
              "end the one before it with }}; placeholders cannot stand in each other");
      const std::size_t close = text_.find(kClose, end);
      return close == std::string_view::npos ? text_.size() : close + kClose.size();
    }
  }
  mistake(at, 2, "'{{' begins here and does not end", "end it with }}; for two braces as they are write {{{{");
  const std::size_t next = text_.find(kOpen, begin);
  return next == std::string_view::npos ? text_.size() : next;
}

void TemplateParser::content(std::size_t begin, std::size_t end) {
  const std::size_t at = skip_blanks(begin, end);
  if (at == end)
    return mistake(begin - kOpen.size(), end - begin + 4, "nothing stands between '{{' and '}}'",
                   "write a name, for example {{token}}; for two braces as they are write {{{{");
  if (!begins_name(text_[at]))
    return mistake(at, character(text_.substr(at)).size(),
                   quoted(character(text_.substr(at))) + " cannot begin a placeholder",
                   "write a name, {{token}}, or a function, {{uuid()}}");
  const std::size_t stop = word_end(at, end);
  const std::string_view word = text_.substr(at, stop - at);
  const std::size_t behind = skip_blanks(stop, end);
  if (behind == end) return name(word, at);
  if (text_[behind] == '(') return function(word, at, behind, end);
  const std::string_view extra = begins_name(text_[behind]) ? text_.substr(behind, word_end(behind, end) - behind)
                                                            : character(text_.substr(behind));
  mistake(behind, extra.size(), quoted(extra) + " cannot stand in a placeholder",
          "a placeholder is one name, {{token}}, or one function, {{uuid()}}");
}

void TemplateParser::name(std::string_view name, std::size_t at) {
  const Vocabulary::Meaning* meaning = vocabulary_.find(name);
  if (!meaning) {
    if (const Function* function = function_named(name))
      return mistake(at, name.size(), quoted(name) + " is a function", "write " + braced(function->example));
    Error error = vocabulary_.meaning(name).error();
    return mistake(at, name.size(), std::move(error.message), std::move(error.cure));
  }
  secret = secret || meaning->secret;
  if (meaning->kind != Vocabulary::Meaning::Kind::constant) {
    Piece piece;
    piece.kind = kind_of(meaning->kind);
    piece.slot = meaning->slot;
    piece.text = name;
    pieces.push_back(std::move(piece));
    return;
  }
  if (!can_stand(meaning->value, encoding_))
    return mistake(at, name.size(), quoted(name) + " holds a line end, which no header can",
                   "take the line end out of it");
  constant_type = meaning->type;
  std::string encoded;
  append_encoded(meaning->value, encoding_, encoded);
  constant(encoded);
}

void TemplateParser::function(std::string_view word, std::size_t at, std::size_t open, std::size_t end) {
  const Function* function = function_named(word);
  if (!function)
    return vocabulary_.find(word) ? mistake(at, word.size(), quoted(word) + " is no function", "write " + braced(word))
                                  : mistake(at, word.size(), quoted(word) + " is no function", functions_cure(word));
  std::vector<Written> written;
  if (!arguments(open, end, written)) return;
  if (written.size() < function->least || written.size() > function->most)
    return mistake(at, end - at, quoted(word) + " " + std::string(function->takes),
                   "write for example " + braced(function->example));
  if (word == "uuid") {
    pieces.emplace_back().kind = Piece::Kind::uuid;
  } else if (word == "random_int") {
    random_int(written, at, end - at);
  } else if (word == "random_string") {
    random_string(written);
  } else {
    now(written);
  }
}

bool TemplateParser::arguments(std::size_t open, std::size_t end, std::vector<Written>& into) {
  std::size_t at = skip_blanks(open + 1, end);
  if (at < end && text_[at] == ')') {
    ++at;
  } else {
    for (;;) {
      if (!argument(at, end, into)) return false;
      at = skip_blanks(at, end);
      if (at == end) {
        mistake(open, end - open, "'(' begins here and does not end", "end it with )");
        return false;
      }
      const char c = text_[at];
      if (c != ',' && c != ')') {
        const std::string_view extra = character(text_.substr(at));
        mistake(at, extra.size(), quoted(extra) + " cannot stand here", "write , or ) behind what a function takes");
        return false;
      }
      ++at;
      if (c == ')') break;
    }
  }
  at = skip_blanks(at, end);
  if (at == end) return true;
  const std::string_view extra = character(text_.substr(at));
  mistake(at, extra.size(), quoted(extra) + " cannot stand behind a function",
          "a placeholder is one name, {{token}}, or one function, {{uuid()}}");
  return false;
}

bool TemplateParser::argument(std::size_t& at, std::size_t end, std::vector<Written>& into) {
  at = skip_blanks(at, end);
  Written written{.kind = Written::Kind::name, .text = {}, .at = at, .length = 1};
  const char c = at < end ? text_[at] : ')';
  if (c == '\'' || c == '"') {
    const std::size_t close = text_.substr(0, end).find(c, at + 1);  // it is there: placeholder() has seen it
    written.kind = Written::Kind::text;
    written.text = text_.substr(at + 1, close - at - 1);
    written.length = close + 1 - at;
  } else if (is_digit(c) || c == '-' || c == '+') {
    written.kind = Written::Kind::number;
    written.length = std::max<std::size_t>(word_end(at + 1, end) - at, 1);
    written.text = text_.substr(at, written.length);
  } else if (begins_name(c)) {
    written.length = word_end(at, end) - at;
    written.text = text_.substr(at, written.length);
  } else {
    const std::string_view extra = at < end ? character(text_.substr(at)) : std::string_view("}}");
    mistake(at, extra.size(), "something is missing before " + quoted(extra),
            "write a number, a text in quotes or a name");
    return false;
  }
  at += written.length;
  into.push_back(std::move(written));
  return true;
}

std::optional<Argument> TemplateParser::whole_number(const Written& written, std::string_view of) {
  Argument argument;
  argument.name = written.text;
  std::string_view digits = written.text;
  if (written.kind == Written::Kind::name) {
    const auto meaning = vocabulary_.meaning(written.text);
    if (!meaning) {
      mistake(written.at, written.length, meaning.error().message, meaning.error().cure);
      return std::nullopt;
    }
    using Kind = Vocabulary::Meaning::Kind;
    argument.slot = meaning->slot;
    if (meaning->kind == Kind::slot) argument.kind = Argument::Kind::slot;
    if (meaning->kind == Kind::iteration) argument.kind = Argument::Kind::iteration;
    if (meaning->kind == Kind::user) argument.kind = Argument::Kind::user;
    if (argument.kind != Argument::Kind::number) return argument;
    const auto number = integer(meaning->value);
    if (number && meaning->kind == Kind::constant && !meaning->secret) {
      argument.number = *number;
      return argument;
    }
  } else if (written.kind == Written::Kind::number) {
    if (digits.starts_with('+')) digits.remove_prefix(1);
    if (const auto number = integer(digits)) {
      argument.number = *number;
      return argument;
    }
  }
  mistake(
      written.at, written.length,
      std::string(of) + " takes whole numbers, and " + quoted(text_.substr(written.at, written.length)) + " is none",
      "write for example " + std::string(function_named(of)->example));
  return std::nullopt;
}

void TemplateParser::random_int(const std::vector<Written>& written, std::size_t at, std::size_t length) {
  const auto low = whole_number(written[0], "random_int");
  const auto high = whole_number(written[1], "random_int");
  if (!low || !high) return;
  const bool known = low->kind == Argument::Kind::number && high->kind == Argument::Kind::number;
  if (known && low->number > high->number)
    return mistake(
        at, length,
        "random_int from " + std::to_string(low->number) + " to " + std::to_string(high->number) + " holds no number",
        "write the smaller number first");
  Piece& piece = pieces.emplace_back();
  piece.kind = Piece::Kind::random_int;
  piece.arguments = {*low, *high};
}

void TemplateParser::random_string(const std::vector<Written>& written) {
  const auto length = whole_number(written[0], "random_string");
  if (!length) return;
  if (length->kind == Argument::Kind::number && (length->number < 0 || length->number > kLongestRandom))
    return mistake(written[0].at, written[0].length, "random_string makes 0 to 65,536 characters",
                   "write for example random_string(12)");
  Piece& piece = pieces.emplace_back();
  piece.kind = Piece::Kind::random_string;
  piece.arguments[0] = *length;
}

void TemplateParser::now(const std::vector<Written>& written) {
  std::string format = "%FT%TZ";
  if (!written.empty()) {
    if (written[0].kind != Written::Kind::text)
      return mistake(written[0].at, written[0].length, "the format of now stands in quotes",
                     "write for example now('%FT%T')");
    format = written[0].text;
    if (const auto bad = bad_conversion(format))
      return mistake(written[0].at + 1 + bad->at, bad->text.size(), quoted(bad->text) + " is no part of a format",
                     "write for example now('%Y-%m-%d %H:%M:%S'); %s gives seconds since 1970, %L milliseconds, %% "
                     "a per cent sign");
    std::string sample;
    append_calendar({}, format, sample);  // %n is a line end, too
    if (!can_stand(sample, encoding_))
      return mistake(written[0].at, written[0].length, "a header's value cannot hold a line end",
                     "write it in one line");
  }
  Piece& piece = pieces.emplace_back();
  piece.kind = Piece::Kind::now;
  piece.text = std::move(format);
}

}  // namespace vajrapulse::plan
