#pragma once

#include <memory>
#include <vector>

#include "curve.hpp"

namespace vajrapulse::engine {

/// A curve and how long it lasts; only the last one of a sequence may go on.
struct Stage {
  std::shared_ptr<const Curve> curve;
  std::optional<Duration> length;
};

/// Curves one after another.
class Sequence final : public ExactPattern {
 public:
  explicit Sequence(const std::vector<Stage>& stages);

  [[nodiscard]] double rate_at(Duration t) const override;
  [[nodiscard]] Amount amount_before(Duration t) const override;
  [[nodiscard]] std::optional<Duration> last_at_most(Wide amount) const override;
  [[nodiscard]] std::optional<Level> level_at(Duration t) const override;
  [[nodiscard]] std::optional<Duration> length() const override;
  [[nodiscard]] double highest_rate() const override;
  [[nodiscard]] std::string text() const override;

 private:
  struct Piece {
    Stage stage;
    std::int64_t begin_ns;
    std::int64_t end_ns;  ///< the highest there is, for one that goes on
    Wide base;            ///< Λ at its begin
    Wide end;             ///< Λ at its end

    [[nodiscard]] std::uint64_t span() const noexcept { return std::uint64_t(end_ns - begin_ns); }
  };
  [[nodiscard]] const Piece& piece_at(std::int64_t t) const noexcept;

  std::vector<Piece> pieces_;
};

}  // namespace vajrapulse::engine
