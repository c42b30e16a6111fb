#include <algorithm>
#include <array>

#include "feed.hpp"
#include "permutation.hpp"
#include "trail.hpp"

namespace vajrapulse::data {
namespace {

std::vector<std::uint32_t> joined(std::vector<std::uint32_t> columns, const std::vector<std::uint32_t>& more) {
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

/// Splits the records of a stream and holds them against its rules, as they are given.
class StreamCursor : public Cursor {
 public:
  StreamCursor(std::shared_ptr<const Feed::Parts> parts, const StreamContent& content)
      : parts_(std::move(parts)),
        content_(content),
        trail_(content),
        on_end_(*on_end_of(parts_->pick)),
        wanted_(joined(parts_->columns, content.rule_columns)),
        splitter_(content.format->splitter(wanted_)) {}

  Expected<Given> row(std::uint64_t k, std::uint64_t, Row& row) final {
    k += parts_->pick.offset;
    while (true) {
      const auto rows = trail_.rows();
      const bool wraps = rows && *rows > 0 && on_end_ == OnEnd::wrap;
      const std::uint64_t number = wraps ? k % *rows : k;
      if (rows && number >= *rows) return at_end(on_end_);
      const std::uint64_t picked = pick(number, wraps ? k / *rows : 0);
      if (picked == kNone) continue;  // now it is known how many there are
      const Trail::Found found = find(picked);
      if (found.step.kind == Step::Kind::end) continue;
      return give(found, picked, row);
    }
  }

 protected:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

  /// The row that is the `number`-th of round `round` through the table; kNone when the table ends before.
  virtual std::uint64_t pick(std::uint64_t number, std::uint64_t) { return number; }
  virtual Trail::Found find(std::uint64_t picked) { return trail_.go(picked); }
  [[nodiscard]] virtual std::uint64_t line_of(const Trail::Found& found) const { return found.line; }

  [[nodiscard]] const StreamContent& content() const { return content_; }
  [[nodiscard]] const PickSettings& settings() const { return parts_->pick; }
  Trail& trail() { return trail_; }

 private:
  Expected<Given> give(const Trail::Found& found, std::uint64_t number, Row& row) {
    if (found.step.kind == Step::Kind::fault) return refuse(found, number, {"", found.step.fault, found.step.cure});
    const std::size_t fields = parts_->columns.size();
    row.start(number, wanted_.fields());
    auto fault = splitter_->split(found.step, row);
    for (std::size_t i = 0; !fault && i < content_.rules.size(); ++i)
      fault = content_.rules[i].fault_of(row.field(fields + i));
    row.trim(fields);
    if (fault) return refuse(found, number, *fault);
    return Given::row;
  }

  [[nodiscard]] std::unexpected<Error> refuse(const Trail::Found& found, std::uint64_t number,
                                              const Fault& fault) const {
    return std::unexpected(error_at({content_.name, line_of(found), number + 1}, fault));
  }

  std::shared_ptr<const Feed::Parts> parts_;
  const StreamContent& content_;
  Trail trail_;
  OnEnd on_end_;
  Wanted wanted_;
  std::unique_ptr<Splitter> splitter_;
};

/// Rows in an order of the seed's within windows. While one window is given, the next one is walked over, so that no
/// iteration waits for a whole window: 8 bytes a row of two windows.
class WindowCursor final : public StreamCursor {
 public:
  WindowCursor(std::shared_ptr<const Feed::Parts> parts, const StreamContent& content)
      : StreamCursor(std::move(parts), content), rows_(settings().window) {
    now_.begins.reserve(rows_);
    ahead_.begins.reserve(rows_);
    enter(0);
  }

 protected:
  std::uint64_t pick(std::uint64_t number, std::uint64_t round) override {
    const std::uint64_t index = number / rows_;
    const std::uint64_t position = number % rows_;
    if (now_.index != index) enter(index);
    const std::uint64_t count = now_.begins.size();
    if (now_.broken || position >= count) return now_.broken ? index * rows_ + count : kNone;
    if (count == rows_) look_ahead(index + 1, position);
    expect(number, round);
    return index * rows_ + permuted_in_window(position, count, settings().seed, round, index);
  }

  Trail::Found find(std::uint64_t picked) override {
    const std::uint64_t position = picked % rows_;
    if (position >= now_.begins.size()) return trail().go(picked);  // a fault, told again
    const std::size_t at = now_.begins[position];
    return {content().format->next(at), at, 0};
  }

  [[nodiscard]] std::uint64_t line_of(const Trail::Found& found) const override {
    if (found.line != 0) return found.line;
    const std::size_t begin = now_.begins.front();
    const std::string_view before = content().mapping.text().substr(begin, found.step.begin - begin);
    return now_.line + std::uint64_t(std::ranges::count(before, '\n'));
  }

 private:
  static constexpr std::uint64_t kAhead = 64;
  struct Window {
    std::uint64_t index = kNone;
    std::vector<std::size_t> begins;  ///< where the steps to its records begin
    std::uint64_t line = 0;           ///< where the first of them begins
    bool broken = false;              ///< a record that cannot be found ends it
  };

  /// Asks memory for the rows that the next iterations of this shard will get, if k goes on as it did.
  void expect(std::uint64_t number, std::uint64_t round) {
    const std::uint64_t count = now_.begins.size();
    const std::uint64_t ahead = number + kTurns * (number - last_) - now_.index * rows_;
    std::uint64_t& far = expected_[turn_ % kTurns];
    far = ahead < count ? permuted_in_window(ahead, count, settings().seed, round, now_.index) : kNone;
    if (far != kNone) __builtin_prefetch(&now_.begins[far]);
    const std::uint64_t near = expected_[(turn_ + kTurns / 2) % kTurns];
    if (near < count) {
      const char* const record = content().mapping.text().data() + now_.begins[near];
      __builtin_prefetch(record);
      __builtin_prefetch(record + 63);
    }
    last_ = number;
    ++turn_;
  }

  void enter(std::uint64_t index) {
    if (ahead_.index == index) {
      std::swap(now_, ahead_);
      ahead_.index = kNone;
    } else {
      begin(now_, index);
    }
    walk(now_, rows_);
  }

  void look_ahead(std::uint64_t index, std::uint64_t position) {
    if (ahead_.index != index) begin(ahead_, index);
    const std::uint64_t wanted = std::min(rows_, position + kAhead);
    if (ahead_.begins.size() + kAhead / 2 <= wanted || wanted == rows_) walk(ahead_, wanted);
  }

  static void begin(Window& window, std::uint64_t index) {
    window.index = index;
    window.begins.clear();
    window.broken = false;
  }

  void walk(Window& window, std::uint64_t count) {
    const std::uint64_t known = window.begins.size();
    const std::uint64_t number = window.index * rows_ + known;
    if (known >= count || window.broken || (trail().rows() && number >= *trail().rows())) return;
    const Trail::Gathered gathered = trail().gather(number, count - known, window.begins);
    window.broken = gathered.stopped == Step::Kind::fault;
    if (known == 0) window.line = gathered.line;
  }

  std::uint64_t rows_;  ///< of a window
  Window now_;
  Window ahead_;
  static constexpr std::uint64_t kTurns = 8;
  std::array<std::uint64_t, kTurns> expected_{};  ///< places in the window of the turns to come
  std::uint64_t last_ = 0;
  std::uint64_t turn_ = 0;
};

}  // namespace

std::unique_ptr<Cursor> stream_cursor(std::shared_ptr<const Feed::Parts> parts, const StreamContent& content) {
  if (parts->pick.mode == Pick::shuffle_in_windows) return std::make_unique<WindowCursor>(std::move(parts), content);
  return std::make_unique<StreamCursor>(std::move(parts), content);
}

}  // namespace vajrapulse::data
