#include "vajrapulse/plan/template.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "calendar.hpp"
#include "encode.hpp"
#include "template_parser.hpp"
#include "template_parts.hpp"
#include "vajrapulse/plan/errors.hpp"

namespace vajrapulse::plan {
namespace {

constexpr double kLargestInteger = 9007199254740992;  // 2^53: beyond it a double is no exact count
constexpr std::int64_t kLongestRandom = 65'536;

std::unexpected<Error> no_value(const std::string& name) {
  return fail(kNoValue, "'" + name + "' has no value here",
              "capture it in a step that comes before, or give its capture a default");
}

Expected<std::int64_t> number_of(const Argument& argument, const Moment& moment) {
  using Kind = Argument::Kind;
  if (argument.kind == Kind::number) return argument.number;
  if (argument.kind == Kind::iteration) return std::int64_t(moment.iteration().index());
  if (argument.kind == Kind::user) return std::int64_t(moment.iteration().user());
  const auto number = as_number(moment.variables().at(argument.slot));
  if (!number && moment.variables().at(argument.slot).is_null()) return no_value(argument.name);
  if (!number || *number != std::floor(*number) || std::abs(*number) > kLargestInteger)
    return fail(kBadValue, "'" + argument.name + "' is no whole number here");
  return std::int64_t(*number);
}

void append_uuid(Random& random, std::string& out) {
  // RFC 9562 section 5.4: version 4 in the 13th digit, variant 10 in the 17th.
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::uint64_t high = (random.next() & ~0xf000ULL) | 0x4000ULL;
  const std::uint64_t low = (random.next() & ~(3ULL << 62)) | (2ULL << 62);
  char text[36];
  char* at = text;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) *at++ = '-';
    const std::uint64_t half = digit < 16 ? high : low;
    *at++ = kDigits[(half >> (60 - 4 * (digit % 16))) & 15];
  }
  out.append(text, sizeof text);
}

Expected<std::int64_t> random_int(const Piece& piece, Moment& moment) {
  const auto low = number_of(piece.arguments[0], moment);
  if (!low) return low;
  const auto high = number_of(piece.arguments[1], moment);
  if (!high) return high;
  if (*low > *high)
    return fail(kBadValue,
                "random_int from " + std::to_string(*low) + " to " + std::to_string(*high) + " holds no number");
  const std::uint64_t count = std::uint64_t(*high) - std::uint64_t(*low) + 1;
  Random& random = moment.iteration().random();
  return std::int64_t(std::uint64_t(*low) + (count == 0 ? random.next() : random.below(count)));
}

Status append_random_string(const Piece& piece, Moment& moment, std::string& out) {
  constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const auto length = number_of(piece.arguments[0], moment);
  if (!length) return std::unexpected(length.error());
  if (*length < 0 || *length > kLongestRandom)
    return fail(kBadValue, "random_string makes 0 to 65,536 characters, not " + std::to_string(*length));
  for (std::int64_t i = 0; i < *length; ++i)
    out += kLetters[moment.iteration().random().below(kLetters.size())];
  return {};
}

Status append_text(std::string_view text, const std::string& name, Encoding encoding, std::string& out) {
  if (!can_stand(text, encoding))
    return fail(kBadValue, "'" + name + "' holds a line end, which no header can",
                "take the line end out of it, or send it in the body");
  append_encoded(text, encoding, out);
  return {};
}

Status append_slot(const Piece& piece, const Moment& moment, Encoding encoding, std::string& out) {
  const criteria::Value value = moment.variables().at(piece.slot);
  if (value.is_null()) return no_value(piece.text);
  if (value.type == criteria::Type::text) return append_text(value.text, piece.text, encoding, out);
  if (encoding != Encoding::query) {
    append_value(value, out);
    return {};
  }
  std::string plain;  // at most as long as is kept within the string itself
  append_value(value, plain);
  append_encoded(plain, encoding, out);
  return {};
}

Status append_now(const Piece& piece, const Moment& moment, Encoding encoding, std::string& out) {
  const WallTime time = moment.iteration().reactor().wall_now();
  if (encoding == Encoding::raw || encoding == Encoding::header) {
    append_calendar(time, piece.text, out);
    return {};
  }
  const std::size_t before = out.size();
  append_calendar(time, piece.text, out);
  const std::string plain = out.substr(before);
  out.resize(before);
  return append_text(plain, "now", encoding, out);
}

Status append_piece(const Piece& piece, Moment& moment, Encoding encoding, std::string& out) {
  const Iteration& iteration = moment.iteration();
  switch (piece.kind) {
    case Piece::Kind::text: out += piece.text; break;
    case Piece::Kind::slot: return append_slot(piece, moment, encoding, out);
    case Piece::Kind::iteration: append_integer(iteration.index(), out); break;
    case Piece::Kind::user: append_integer(iteration.user(), out); break;
    case Piece::Kind::shard: append_integer(std::uint64_t(moment.shard()), out); break;
    case Piece::Kind::scenario: return append_text(iteration.scenario(), piece.text, encoding, out);
    case Piece::Kind::task: return append_text(iteration.task(), piece.text, encoding, out);
    case Piece::Kind::uuid: append_uuid(iteration.random(), out); break;
    case Piece::Kind::random_string: return append_random_string(piece, moment, out);
    case Piece::Kind::now: return append_now(piece, moment, encoding, out);
    case Piece::Kind::random_int: {
      const auto number = random_int(piece, moment);
      if (!number) return std::unexpected(number.error());
      append_integer(*number, out);
      break;
    }
  }
  return {};
}

/// What one placeholder alone stands for, where that is no text that has to be made.
std::optional<criteria::Value> plain_value(const Piece& piece, Moment& moment) {
  const Iteration& iteration = moment.iteration();
  switch (piece.kind) {
    case Piece::Kind::slot: return moment.variables().at(piece.slot);
    case Piece::Kind::iteration: return criteria::Value::of(double(iteration.index()));
    case Piece::Kind::user: return criteria::Value::of(double(iteration.user()));
    case Piece::Kind::shard: return criteria::Value::of(double(moment.shard()));
    case Piece::Kind::scenario: return criteria::Value::of(iteration.scenario());
    case Piece::Kind::task: return criteria::Value::of(iteration.task());
    case Piece::Kind::random_int: {
      const auto number = random_int(piece, moment);
      return number ? criteria::Value::of(double(*number)) : criteria::Value::null();
    }
    default: return std::nullopt;
  }
}

}  // namespace

std::expected<Template, std::vector<criteria::Mistake>> Template::compile(std::string_view text, Vocabulary& vocabulary,
                                                                          Encoding encoding) {
  TemplateParser parser(text, vocabulary, encoding);
  parser.parse();
  if (!parser.mistakes.empty()) return std::unexpected(std::move(parser.mistakes));
  auto parts = std::make_shared<Parts>();
  parts->encoding = encoding;
  parts->secret = parser.secret;
  parts->single = parser.placeholders == 1 && parser.literal_bytes == 0;
  parts->pieces = std::move(parser.pieces);
  const bool constant =
      parts->pieces.empty() || (parts->pieces.size() == 1 && parts->pieces[0].kind == Piece::Kind::text);
  parts->text = !constant ? std::string(text) : parts->pieces.empty() ? std::string() : parts->pieces[0].text;
  if (constant) parts->constant = criteria::Value::of(std::string_view(parts->text));
  if (constant && parts->single && parser.constant_type != criteria::Type::text) {
    Vocabulary::Meaning meaning;
    meaning.value = parts->text;
    meaning.type = parser.constant_type;
    const criteria::Value typed = value_of(meaning);
    if (typed.type != criteria::Type::text) parts->constant = typed;
  }
  return Template(std::move(parts));
}

bool Template::constant() const noexcept {
  return !parts_ || parts_->pieces.empty() ||
         (parts_->pieces.size() == 1 && parts_->pieces[0].kind == Piece::Kind::text);
}

const std::string& Template::text() const noexcept {
  static const std::string empty;
  return parts_ ? parts_->text : empty;
}

bool Template::secret() const noexcept { return parts_ && parts_->secret; }
bool Template::single() const noexcept { return parts_ && parts_->single; }

Status Template::render(Moment& moment, std::string& out) const {
  if (!parts_) return {};
  for (const Piece& piece : parts_->pieces) {
    if (piece.kind == Piece::Kind::text) {
      out += piece.text;
      continue;
    }
    Status status = append_piece(piece, moment, parts_->encoding, out);
    if (!status) return status;
  }
  return {};
}

criteria::Value Template::value(Moment& moment) const {
  if (constant()) return parts_ ? parts_->constant : criteria::Value::of(std::string_view());
  if (parts_->single)
    if (const auto value = plain_value(parts_->pieces[0], moment)) return *value;
  std::string& made = moment.made();
  if (!render(moment, made)) return criteria::Value::null();
  return criteria::Value::of(std::string_view(made));
}

std::optional<double> as_number(const criteria::Value& value) noexcept {
  if (value.is_number()) return value.number;
  if (value.type != criteria::Type::text || value.text.empty()) return std::nullopt;
  double number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, failure] = std::from_chars(value.text.data(), end, number);
  return failure == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace vajrapulse::plan
