#pragma once

#include <simdjson.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "reader_parts.hpp"
#include "vajrapulse/extract/reader.hpp"
#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::extract {

/// A whole body, its values in the order of the text: the children of one follow it, up to the next that is not within.
struct JsonTree {
  static constexpr std::uint32_t kNoKey = 0xffffffff;

  struct Node {
    Type type = Type::null;
    std::uint32_t key = kNoKey;  ///< where its name begins in the text, behind the quote
    std::uint32_t begin = 0;     ///< its raw text
    std::uint32_t end = 0;
    std::uint32_t next = 0;      ///< the first node behind it that is not within it
    std::uint32_t children = 0;  ///< directly within it
  };

  std::string_view json;
  std::vector<Node> nodes;
};

/// A body as JSON, indexed once.
class JsonBody {
 public:
  void forget() noexcept;

  /// At its start, whatever was read of it before.
  std::expected<simdjson::ondemand::document*, Miss> document(Reader::Parts& parts);
  /// All of it, checked.
  std::expected<const JsonTree*, Miss> tree(Reader::Parts& parts);

  /// After an error of simdjson: the sentence for it; the body has to be indexed again.
  Miss broken(simdjson::error_code code);

  /// The body without byte order mark, where it was indexed.
  [[nodiscard]] std::string_view json() const noexcept { return json_; }

 private:
  std::expected<void, Miss> index(Reader::Parts& parts);
  bool place(Reader::Parts& parts);

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  std::vector<char> copy_;
  std::string_view json_;
  std::size_t room_ = 0;
  bool indexed_ = false;
  bool has_tree_ = false;
  JsonTree tree_;
};

/// A string's value: the text at `rest` behind its quote, decoded. Nothing when an escape is broken.
std::optional<std::string_view> decoded(std::string_view rest, Arena& texts);

/// What a node of the tree gives.
Found value_of(const JsonTree& tree, const JsonTree::Node& node, Arena& texts);

Miss broken_text();

}  // namespace vajrapulse::extract
