#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/criteria/value.hpp"
#include "vajrapulse/extract/reader.hpp"
#include "vajrapulse/extract/regex.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {

/// A range of numbers as people write it: "< 10KB", ">= 3", "1..5".
class Comparison {
 public:
  enum class Unit { none, bytes, time };
  /// Nothing when `text` is no comparison at all; a bare number is none either.
  static std::optional<Comparison> parse(std::string_view text, Unit unit);

  [[nodiscard]] bool holds(double value) const noexcept;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  double low_ = 0, high_ = 0;
  bool low_open_ = false, high_open_ = false;  ///< the limit itself is out
};

/// What one thing of an answer has to be: all of several tests.
class Condition {
 public:
  /// What the tests are about: not every test makes sense of everything.
  enum class Of { text, found, size, time };
  /// Reports what is wrong.
  static Condition compile(const document::Node& node, Of of, Compiler& compiler);

  /// What is judged.
  struct Subject {
    std::string_view what;                 ///< "header location", "$.total"
    std::optional<criteria::Value> value;  ///< nothing: it is not there
    std::string_view missing;              ///< says so, as a clause
  };
  /// Why it does not hold, in a sentence; nothing when it does. `reader` is for regular expressions to read a value
  /// with: not the one that reads the body.
  [[nodiscard]] std::optional<std::string> broken_by(const Subject& subject, Moment& moment,
                                                     extract::Reader& reader) const;
  /// Whether the number of what was found is judged, and whether anything else is.
  [[nodiscard]] bool counts() const noexcept { return count_.has_value(); }
  [[nodiscard]] bool looks() const noexcept { return !tests_.empty(); }
  [[nodiscard]] std::optional<std::string> broken_by_count(std::string_view what, std::size_t count) const;

 private:
  struct Test {
    enum class Op { equals, differs, contains, lacks, matches, exists, absent, empty, filled, compares };
    Op op = Op::equals;
    Template operand;
    std::shared_ptr<const extract::Regex> regex;
    std::optional<Comparison> comparison;
  };
  void add(std::string_view key, const document::Node& node, Of of, Compiler& compiler);
  void add_truth(Test::Op yes, Test::Op no, const document::Node& node, std::string_view key, Compiler& compiler);
  void add_count(const document::Node& node, Compiler& compiler);
  void add_scalar(const document::Node& node, Of of, Compiler& compiler);
  [[nodiscard]] static std::optional<std::string> broken(const Test& test, const Subject& subject, Moment& moment,
                                                         extract::Reader& reader);

  std::vector<Test> tests_;
  std::optional<Comparison> count_;
};

/// A value for messages: "'abc'", "1.5", "12.1 ms"; a long text is cut.
std::string shown(const criteria::Value& value);

}  // namespace vajrapulse::plan
