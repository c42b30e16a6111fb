#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "tree.hpp"
#include "yaml_text.hpp"

namespace vajrapulse::document {

/// Builds the tree from what yaml-cpp meets, and refuses what yaml-cpp lets pass: quotes that nobody closes, keys
/// without ':', `{{name}}` as a map, a second document.
class YamlEvents final : public YAML::EventHandler {
 public:
  explicit YamlEvents(YamlText& text) : text_(text) {}

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { tree_.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { tree_.close(); }

  [[nodiscard]] Tree& tree() noexcept { return tree_; }
  /// Where the last event stood: what yaml-cpp stumbled over is behind it.
  [[nodiscard]] std::size_t last() const noexcept { return last_; }

 private:
  struct Scalar {
    Node node;
    std::size_t end = 0;  ///< offset behind it
  };

  std::size_t offset(const YAML::Mark& mark) noexcept;
  Scalar scalar(std::size_t at, const std::string& tag, const std::string& value);
  Scalar quoted(std::size_t at, const std::string& value);
  Scalar block(std::size_t at, const std::string& value);
  Scalar plain(std::size_t at, const std::string& value);
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style);
  void check_continuation(std::size_t at, std::size_t end);
  void check_colon();
  std::size_t indent_column() const noexcept;

  YamlText& text_;
  Tree tree_;
  std::size_t last_ = 0;
  std::size_t key_end_ = 0;
  bool explicit_key_ = false;
  bool has_document_ = false;
};

}  // namespace vajrapulse::document
