#pragma once

#include "format.hpp"

namespace vajrapulse::data {

/// Comma-separated values (RFC 4180): a header, then records of as many fields. Blank lines are left out.
class Csv final : public Format {
 public:
  /// Reads the header of `text`, which is readable for Mapping::kPadding bytes beyond its end and outlives this.
  static Expected<std::unique_ptr<Csv>> of(std::string_view text, char separator, std::string_view name);

  [[nodiscard]] std::size_t first() const override { return first_; }
  [[nodiscard]] std::uint64_t first_line() const override { return first_line_; }
  [[nodiscard]] Step next(std::size_t at) const override;
  [[nodiscard]] Skip skip(std::size_t at, std::uint64_t count, std::vector<std::size_t>* begins) const override;
  [[nodiscard]] std::span<const std::string> columns() const override { return columns_; }
  [[nodiscard]] std::unique_ptr<Splitter> splitter(const Wanted& wanted) const override;

  /// What is wrong with a record, if anything: a stray quote, too few fields or too many.
  [[nodiscard]] std::optional<Fault> fault_of(const Step& record) const;
  /// The wanted fields of the record at `begin`, which is known to be sound.
  void split(std::size_t begin, const Wanted& wanted, Row& row) const;

 private:
  Csv(std::string_view text, char separator) : text_(text), separator_(separator) {}
  Status read_header(std::string_view name);
  [[nodiscard]] bool starts_with_stray_quote(std::string_view record) const;
  [[nodiscard]] bool sound(std::size_t begin, std::size_t end) const;
  [[nodiscard]] Fault diagnose(std::string_view record) const;

  std::string_view text_;
  char separator_;
  std::size_t first_ = 0;
  std::uint64_t first_line_ = 1;
  std::vector<std::string> columns_;
};

}  // namespace vajrapulse::data
