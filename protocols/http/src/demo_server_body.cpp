#include "demo_server_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace vajrapulse::http::detail {
namespace {

constexpr int kDepthMax = 16;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::optional<unsigned> hex_number(std::string_view digits) noexcept {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

void append_utf8(std::string& to, unsigned code) {
  const auto tail = [&to](unsigned bits) { to += static_cast<char>(0x80U | (bits & 0x3fU)); };
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0U | (code >> 6));
    tail(code);
  } else if (code < 0x10000) {
    to += static_cast<char>(0xe0U | (code >> 12));
    tail(code >> 6);
    tail(code);
  } else {
    to += static_cast<char>(0xf0U | (code >> 18));
    tail(code >> 12);
    tail(code >> 6);
    tail(code);
  }
}

/// How many bytes the well-formed character in front takes (Unicode, table 3-7); 0 when it is not well-formed.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto within = [&byte](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return within(1, 0x80, 0xbf) ? 2 : 0;
  const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (!within(1, low, high) || !within(2, 0x80, 0xbf)) return 0;
  if (first < 0xf0) return 3;
  return within(3, 0x80, 0xbf) ? 4 : 0;
}

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) noexcept : left_(text) {}

  bool document(NamedValues& values) {
    if (!object(0, &values)) return false;
    skip_blanks();
    return left_.empty();
  }

 private:
  enum class Seen { wrong, kept, left_out };

  void skip_blanks() noexcept { left_.remove_prefix(std::min(left_.find_first_not_of(" \t\r\n"), left_.size())); }

  bool take(char c) noexcept {
    skip_blanks();
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    return true;
  }

  bool object(int depth, NamedValues* into) {
    if (depth == kDepthMax || !take('{')) return false;
    if (take('}')) return true;
    do {
      if (!member(depth, into)) return false;
    } while (take(','));
    return take('}');
  }

  bool array(int depth) {
    if (depth == kDepthMax || !take('[')) return false;
    if (take(']')) return true;
    do {
      std::string unused;
      if (value(depth + 1, unused) == Seen::wrong) return false;
    } while (take(','));
    return take(']');
  }

  bool member(int depth, NamedValues* into) {
    std::string name;
    std::string text;
    if (!string(name) || !take(':')) return false;
    const Seen seen = value(depth + 1, text);
    if (seen == Seen::wrong) return false;
    return seen == Seen::left_out || into == nullptr || into->add(std::move(name), std::move(text));
  }

  Seen value(int depth, std::string& text) {
    const auto kept = [](bool good) { return good ? Seen::kept : Seen::wrong; };
    const auto left_out = [](bool good) { return good ? Seen::left_out : Seen::wrong; };
    skip_blanks();
    if (left_.starts_with('"')) return kept(string(text));
    if (left_.starts_with('{')) return left_out(object(depth, nullptr));
    if (left_.starts_with('[')) return left_out(array(depth));
    if (word("true") || word("false") || word("null")) return Seen::left_out;
    return kept(number(text));
  }

  bool word(std::string_view expected) noexcept {
    if (!left_.starts_with(expected)) return false;
    left_.remove_prefix(expected.size());
    return true;
  }

  std::size_t digits(std::size_t at) const noexcept {
    while (at < left_.size() && is_digit(left_[at]))
      ++at;
    return at;
  }

  bool number(std::string& text) {
    const auto is = [this](std::size_t at, std::string_view any) {
      return at < left_.size() && any.find(left_[at]) != any.npos;
    };
    std::size_t end = is(0, "-") ? 1 : 0;
    const std::size_t whole = end;
    end = is(whole, "0") ? whole + 1 : digits(whole);
    if (end == whole) return false;
    if (is(end, ".")) {
      const std::size_t fraction = end + 1;
      end = digits(fraction);
      if (end == fraction) return false;
    }
    if (is(end, "eE")) {
      const std::size_t power = end + (is(end + 1, "+-") ? 2 : 1);
      end = digits(power);
      if (end == power) return false;
    }
    text = left_.substr(0, end);
    left_.remove_prefix(end);
    return true;
  }

  bool string(std::string& text) {
    if (!take('"')) return false;
    while (!left_.empty()) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        text += c;
      } else if (!escape(text)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& text) {
    if (left_.empty()) return false;
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char letter = left_.front();
    left_.remove_prefix(1);
    if (letter == 'u') return character(text);
    const std::size_t which = kLetters.find(letter);
    if (which == kLetters.npos) return false;
    text += kMeanings[which];
    return true;
  }

  /// What stands behind \u; two of them for what lies above U+FFFF.
  bool character(std::string& text) {
    auto code = unit();
    if (!code || (*code >= 0xdc00 && *code <= 0xdfff)) return false;
    if (*code >= 0xd800 && *code <= 0xdbff) {
      if (!word("\\u")) return false;
      const auto low = unit();
      if (!low || *low < 0xdc00 || *low > 0xdfff) return false;
      code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
    }
    append_utf8(text, *code);
    return true;
  }

  std::optional<unsigned> unit() noexcept {
    if (left_.size() < 4) return std::nullopt;
    const auto code = hex_number(left_.substr(0, 4));
    left_.remove_prefix(4);
    return code;
  }

  std::string_view left_;
};

std::string form_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '%' && i + 2 < text.size() ? hex_number(text.substr(i + 1, 2)) : std::nullopt;
    if (code) {
      out += static_cast<char>(*code);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

bool NamedValues::add(std::string name, std::string value) {
  if (entries_.size() == kMost) return false;
  entries_.push_back({std::move(name), std::move(value)});
  return true;
}

const std::string* NamedValues::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &found->value;
}

std::optional<std::uint64_t> NamedValues::number(std::string_view name, std::uint64_t max) const noexcept {
  const std::string* text = find(name);
  return text == nullptr ? std::nullopt : whole_number(*text, max);
}

std::optional<NamedValues> read_form(std::string_view text) {
  NamedValues values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (!values.add(form_decoded(pair.substr(0, equals)), form_decoded(value))) return std::nullopt;
  }
  return values;
}

std::optional<NamedValues> read_json_object(std::string_view text) {
  NamedValues values;
  if (!JsonReader(text).document(values)) return std::nullopt;
  return values;
}

std::optional<NamedValues> read_body(std::string_view content_type, std::string_view body) {
  const bool is_form = content_type.starts_with("application/x-www-form-urlencoded") && !body.starts_with('{');
  return is_form ? read_form(body) : read_json_object(body);
}

std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t max) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > max) return std::nullopt;
  return value;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out + '"';
}

}  // namespace vajrapulse::http::detail
