#include "feed.hpp"

#include <array>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::data {
namespace {

class MemoryCursor : public Cursor {
 public:
  explicit MemoryCursor(std::shared_ptr<const Feed::Parts> parts)
      : parts_(std::move(parts)), content_(parts_->table->content()) {}

  Expected<Given> row(std::uint64_t k, std::uint64_t user, Row& row) final {
    const auto number = pick(k, user);
    if (!number) return at_end(*parts_->picker->on_end());
    content_.read(*number, parts_->wanted, row);
    return Given::row;
  }

 protected:
  virtual std::optional<std::uint64_t> pick(std::uint64_t k, std::uint64_t user) {
    return parts_->picker->pick(k, user);
  }
  [[nodiscard]] const Picker& picker() const { return *parts_->picker; }
  [[nodiscard]] const Table::Content& content() const { return content_; }

 private:
  std::shared_ptr<const Feed::Parts> parts_;
  const Table::Content& content_;
};

/// Rows that lie all over a large table have to be waited for. Which ones the next iterations of this shard will get is
/// known, if k goes on as it did: they are asked for before their turn.
class FarCursor final : public MemoryCursor {
 public:
  using MemoryCursor::MemoryCursor;

 protected:
  std::optional<std::uint64_t> pick(std::uint64_t k, std::uint64_t user) override {
    Guess& guess = guesses_[turn_ % kAhead];
    const auto number = guess.k == k ? guess.row : picker().pick(k, user);
    const std::uint64_t ahead = k + kAhead * (k - last_);
    guess = {ahead, picker().pick(ahead, user)};
    picker().expect(ahead + kStep * (k - last_));
    for (std::size_t stage = 0; stage < Table::Content::kStages; ++stage) {
      // The guess for the turn that is kAhead away, then kAhead - kStep, and so on.
      const auto& row = guesses_[(turn_ + kAhead - stage * kStep) % kAhead].row;
      if (row) content().expect(*row, stage);
    }
    last_ = k;
    ++turn_;
    return number;
  }

 private:
  static constexpr std::size_t kStep = 4;
  static constexpr std::size_t kAhead = kStep * Table::Content::kStages;
  struct Guess {
    std::uint64_t k = ~std::uint64_t{0};
    std::optional<std::uint64_t> row;
  };
  std::array<Guess, kAhead> guesses_;
  std::uint64_t last_ = 0;
  std::uint64_t turn_ = 0;
};

bool is_far(Pick mode) { return mode != Pick::round_robin && mode != Pick::unique && mode != Pick::per_user; }

Status check_streamed(const StreamContent& content, Pick mode) {
  if (mode == Pick::round_robin || mode == Pick::unique || mode == Pick::shuffle_in_windows) return {};
  return fail(kUsage,
              content.name + ": pick: " + std::string(word_of(mode)) + " needs all rows at once, and a file of " +
                  format_bytes(content.mapping.text().size()) + " is streamed",
              "write round-robin, unique or shuffle-in-windows, or raise the size above which files are streamed");
}

Expected<std::vector<double>> weights_of(const Table& table, const std::string& name) {
  const auto column = table.column(name);
  if (!column) return std::unexpected(column.error());
  const Table::Content& content = table.content();
  const Wanted wanted(std::span(&*column, 1));
  std::vector<double> weights(*content.rows);
  Row row;
  for (std::uint64_t number = 0; number < weights.size(); ++number) {
    content.read(number, wanted, row);
    if (row.field(0).empty()) continue;
    const auto weight = number_of(row.field(0));
    if (!weight || *weight < 0)
      return std::unexpected(error_at({content.name, content.line_of(number), number + 1},
                                      {name, shown(row.field(0)) + " is no weight", "write a number of 0 or more"}));
    weights[number] = *weight;
  }
  return weights;
}

Status give_picker(Feed::Parts& parts) {
  std::vector<double> weights;
  if (parts.pick.mode == Pick::weighted) {
    auto read = weights_of(*parts.table, parts.pick.weights);
    if (!read) return std::unexpected(std::move(read.error()));
    weights = std::move(*read);
  }
  auto picker = Picker::make(parts.pick, *parts.table->rows(), weights);
  if (!picker) {
    picker.error().message.insert(0, std::string(parts.table->name()) + ": ");
    return std::unexpected(std::move(picker.error()));
  }
  parts.picker = std::move(*picker);
  return {};
}

}  // namespace

Given at_end(OnEnd on_end) {
  switch (on_end) {
    case OnEnd::stop_run: return Given::stop_run;
    case OnEnd::fail: return Given::fail;
    case OnEnd::stop_scenario:
    case OnEnd::wrap: break;
  }
  return Given::stop_scenario;
}

Expected<std::shared_ptr<const Feed>> Feed::make(std::shared_ptr<const Table> table, const PickSettings& pick,
                                                 const std::vector<std::string>& columns) {
  if (auto sound = check(pick); !sound) return std::unexpected(std::move(sound.error()));
  std::vector<std::uint32_t> places;
  for (const std::string& name : columns) {
    const auto column = table->column(name);
    if (!column) return std::unexpected(column.error());
    places.push_back(*column);
  }
  const Wanted wanted(places);
  auto parts = std::make_shared<Parts>(Parts{std::move(table), pick, std::move(places), wanted, std::nullopt});
  if (const auto* stream = dynamic_cast<const StreamContent*>(&parts->table->content())) {
    if (auto sound = check_streamed(*stream, pick.mode); !sound) return std::unexpected(std::move(sound.error()));
  } else if (auto given = give_picker(*parts); !given) {
    return std::unexpected(std::move(given.error()));
  }
  return std::make_shared<const Feed>(std::move(parts));
}

Feed::Feed(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Feed::~Feed() = default;

const Table& Feed::table() const { return *parts_->table; }

std::unique_ptr<Cursor> Feed::cursor() const {
  if (const auto* stream = dynamic_cast<const StreamContent*>(&parts_->table->content()))
    return stream_cursor(parts_, *stream);
  if (is_far(parts_->pick.mode)) return std::make_unique<FarCursor>(parts_);
  return std::make_unique<MemoryCursor>(parts_);
}

}  // namespace vajrapulse::data
