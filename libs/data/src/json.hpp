#pragma once

#include <expected>
#include <unordered_map>

#include "format.hpp"

namespace vajrapulse::data {

enum class JsonShape : std::uint8_t { array, lines };

/// One member of an object, as text.
struct Member {
  std::string_view key;
  std::string_view value;  ///< without quotes and escapes; null is empty
  bool in_file = true;     ///< whether `value` is a piece of the file; else it lives until the next member
};

/// Reads the members of one object after another; of one thread.
class ObjectReader {
 public:
  ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;
  ~ObjectReader();

  /// Opens an object that is readable for Mapping::kPadding bytes beyond its end.
  std::optional<Fault> open(std::string_view object);
  /// The next member; false when there is none left.
  std::expected<bool, Fault> next(Member& member);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The columns of objects: each key when it is first met.
class Keys {
 public:
  /// The column of `key`; nothing when it is not known.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view key, std::uint32_t likely) const;
  std::uint32_t add(std::string_view key);
  [[nodiscard]] std::span<const std::string> names() const { return names_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> columns_;
};

/// Objects in an array, or one a line.
class Json final : public Format {
 public:
  /// `text` is readable for Mapping::kPadding bytes beyond its end and outlives this.
  static Expected<std::unique_ptr<Json>> of(std::string_view text, JsonShape shape, std::string_view name);

  [[nodiscard]] std::size_t first() const override { return first_; }
  [[nodiscard]] std::uint64_t first_line() const override { return first_line_; }
  [[nodiscard]] Step next(std::size_t at) const override;
  [[nodiscard]] std::span<const std::string> columns() const override { return keys_.names(); }
  [[nodiscard]] std::unique_ptr<Splitter> splitter(const Wanted& wanted) const override;

  [[nodiscard]] Keys& keys() { return keys_; }
  [[nodiscard]] const Keys& keys() const { return keys_; }
  [[nodiscard]] std::string_view text_of(const Step& record) const {
    return text_.substr(record.begin, record.end - record.begin);
  }

 private:
  Json(std::string_view text, JsonShape shape) : text_(text), shape_(shape) {}
  [[nodiscard]] std::size_t skip_blanks(std::size_t at, std::uint64_t& lines) const;
  [[nodiscard]] Step next_line(std::size_t at) const;
  [[nodiscard]] Step next_element(std::size_t at) const;
  void find_object_end(Step& step) const;

  std::string_view text_;
  JsonShape shape_;
  std::size_t first_ = 0;
  std::uint64_t first_line_ = 1;
  Keys keys_;
};

}  // namespace vajrapulse::data
