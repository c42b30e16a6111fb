#include "yaml_bounds.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tree.hpp"
#include "vajrapulse/document/read.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool is_blank(char c) noexcept { return kBlank.find(c) != kBlank.npos; }

/// Follows a text just closely enough to know which brackets are brackets, and not a part of a text or comment.
class BracketWalk {
 public:
  explicit BracketWalk(YamlText& text, std::size_t at = 0) : all_(text), text_(text.text()), at_(at) {}

  void run() {
    while (at_ < text_.size())
      step();
  }

  /// To where no bracket is open any more; false when that is nowhere.
  bool close() {
    do {
      step();
    } while (depth_ > 0 && at_ < text_.size());
    return depth_ == 0;
  }

 private:
  void step() {
    if (is_comment())
      at_ = std::min(text_.find('\n', at_), text_.size());
    else if (may_begin_ && (text_[at_] == '"' || text_[at_] == '\''))
      skip_quoted();
    else if (depth_ == 0)
      block_step();
    else
      flow_step();
  }

  [[nodiscard]] bool is_comment() const noexcept { return text_[at_] == '#' && (at_ == 0 || is_blank(text_[at_ - 1])); }
  [[nodiscard]] bool blank_follows() const noexcept { return at_ + 1 >= text_.size() || is_blank(text_[at_ + 1]); }

  void skip_quoted() noexcept {
    if (depth_ == 0) token_ = at_ - line_;
    const auto close = all_.closing_quote(at_);
    at_ = close == text_.npos ? text_.size() : close + 1;
    may_begin_ = false;
  }

  void open() {
    if (++depth_ > kMostNesting)
      refuse(all_.at(at_), fmt::format("lists and maps are nested more than {} deep", kMostNesting),
             "close what is open, or divide the file");
    may_begin_ = true;
    ++at_;
  }

  void block_step() {
    const char c = text_[at_];
    if (c == '\n') {
      line_ = at_ + 1;
      may_begin_ = true;
    } else if (is_blank(c)) {
      // nothing begins, nothing ends
    } else if (may_begin_ && (c == '[' || c == '{')) {
      return open();
    } else if (may_begin_ && (c == '|' || c == '>')) {
      return skip_block();
    } else if ((c == '-' || c == '?') && may_begin_ && blank_follows()) {
      token_ = at_ - line_;
    } else if (c == ':' && blank_follows()) {
      may_begin_ = true;
    } else if (may_begin_ && (c == '&' || c == '!')) {
      at_ = std::min(text_.find_first_of(kBlank, at_), text_.size());
      return;
    } else {
      if (may_begin_) token_ = at_ - line_;
      may_begin_ = false;
    }
    ++at_;
  }

  /// The lines of a `|` or `>`: those that are deeper than its key or dash.
  void skip_block() noexcept {
    at_ = std::min(text_.find('\n', at_), text_.size());
    while (at_ < text_.size()) {
      const auto begin = at_ + 1;
      const auto line = all_.line_from(begin);
      const auto indent = line.find_first_not_of(' ');
      if (indent != line.npos && indent <= token_) break;
      at_ = std::min(text_.find('\n', begin), text_.size());
    }
    may_begin_ = true;
  }

  void flow_step() {
    const char c = text_[at_];
    if (c == '[' || c == '{') return open();
    if (c == ']' || c == '}') {
      --depth_;
      may_begin_ = false;
    } else if (c == ',' || c == ':') {
      may_begin_ = true;
      if (c == ',' && ++commas_ > kMostNodes)
        refuse(all_.at(at_), fmt::format("this file has more than {} values", kMostNodes),
               "keep data in a file of its own");
    } else if (!is_blank(c)) {
      may_begin_ = false;
    }
    if (c == '\n') line_ = at_ + 1;
    ++at_;
  }

  YamlText& all_;
  std::string_view text_;
  std::size_t at_;
  std::size_t line_ = 0;   // where it begins
  std::size_t token_ = 0;  // how far in the line the last key or dash stands
  std::size_t depth_ = 0;
  std::size_t commas_ = 0;
  bool may_begin_ = true;  // a value, here
};

}  // namespace

void check_bounds(YamlText& text) { BracketWalk(text).run(); }

bool is_closed(YamlText& text, std::size_t at) { return BracketWalk(text, at).close(); }

}  // namespace vajrapulse::document
