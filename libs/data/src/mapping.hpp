#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::data {

/// A file in memory, for reading. Whoever reads in blocks may read up to kPadding bytes beyond its end.
class Mapping {
 public:
  static constexpr std::size_t kPadding = 64;

  /// Fails (kUsage) for what cannot be read, is no file, or is empty.
  static Expected<Mapping> of_file(const std::string& path);
  /// A copy of `text`, for tests.
  static Expected<Mapping> of_text(std::string_view text);

  Mapping(Mapping&& other) noexcept : begin_(std::exchange(other.begin_, nullptr)), size_(other.size_) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
    return *this;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  [[nodiscard]] std::string_view text() const { return {begin_, size_}; }
  /// Says that the bytes will be read one after another, once.
  void reads_forward() const;
  /// Says that these bytes will be needed soon.
  void needs(std::size_t begin, std::size_t end) const;
  /// Lets go of the memory that these bytes lie in; they come again when they are read.
  void let_go(std::size_t begin, std::size_t end) const;

 private:
  Mapping(char* begin, std::size_t size) : begin_(begin), size_(size) {}
  [[nodiscard]] static std::size_t reserved(std::size_t size);

  char* begin_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace vajrapulse::data
