#include "load_words.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace vajrapulse::engine {
namespace {

/// The longer before what it begins with.
constexpr std::array<std::string_view, 5> kSigns{"+/-", "+-", kPlusMinus, "+", ","};

std::string_view sign_at(std::string_view text) {
  for (const std::string_view sign : kSigns)
    if (text.starts_with(sign)) return sign;
  return {};
}

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

class Splitter {
 public:
  explicit Splitter(std::string_view text) : rest_(text) {}

  std::vector<LoadPart> split() {
    while (!rest_.empty()) {
      const std::string_view sign = sign_at(rest_);
      if (sign == ",") {
        clause().end = place_;
        parts_.back().clauses.emplace_back();
        pass(1);
      } else if (sign == "+") {
        clause().end = place_;
        parts_.push_back({.clauses = {{}}, .plus = place_});
        pass(1);
      } else if (!sign.empty()) {
        clause().words.push_back({kPlusMinus, place_});
        pass(sign.size());
      } else if (is_blank(rest_.front())) {
        pass(1);
      } else {
        take_word();
      }
    }
    clause().end = place_;
    return std::move(parts_);
  }

 private:
  LoadClause& clause() { return parts_.back().clauses.back(); }

  void take_word() {
    std::size_t end = 0;
    while (end < rest_.size() && !is_blank(rest_[end]) && sign_at(rest_.substr(end)).empty())
      ++end;
    clause().words.push_back({rest_.substr(0, end), place_});
    pass(end);
  }

  /// A character beyond ASCII takes several bytes and counts as one.
  void pass(std::size_t bytes) {
    for (const char c : rest_.substr(0, bytes))
      place_ += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
    rest_.remove_prefix(bytes);
  }

  std::string_view rest_;
  std::size_t place_ = 1;
  std::vector<LoadPart> parts_{{.clauses = {{}}, .plus = 0}};
};

}  // namespace

std::vector<LoadPart> split_load(std::string_view text) { return Splitter(text).split(); }

}  // namespace vajrapulse::engine
