#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "vajrapulse/data/columns.hpp"
#include "vajrapulse/data/cursor.hpp"
#include "vajrapulse/data/picker.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {

/// Which column goes into which member. The member's type says what the column has to hold: text for
/// std::string_view, whole numbers that fit for the integers, a number for double, true or false for bool. All but text
/// must not be empty.
template <class Item>
struct Field {
  using Member = std::variant<std::string_view Item::*, bool Item::*, std::int32_t Item::*, std::uint32_t Item::*,
                              std::int64_t Item::*, std::uint64_t Item::*, double Item::*>;
  std::string column;
  Member member;

  [[nodiscard]] ColumnRule rule() const {
    return std::visit([this]<class T>(T Item::*) { return this->template rule_of<T>(); }, member);
  }

  /// Writes a field that is as `rule` says.
  void assign(Item& item, std::string_view field) const {
    std::visit([&](auto pointer) { convert(field, item.*pointer); }, member);
  }

 private:
  template <class T>
  [[nodiscard]] ColumnRule rule_of() const {
    ColumnRule rule{.name = column};
    if constexpr (std::same_as<T, std::string_view>) return rule;
    rule.required = true;
    if constexpr (std::same_as<T, bool>) {
      rule.type = ColumnType::boolean;
    } else if constexpr (std::same_as<T, double>) {
      rule.type = ColumnType::number;
    } else if constexpr (std::integral<T>) {
      rule.type = ColumnType::integer;
      if constexpr (std::unsigned_integral<T> || sizeof(T) < sizeof(std::int64_t))
        rule.min = double(std::numeric_limits<T>::min());
      if constexpr (sizeof(T) < sizeof(std::int64_t)) rule.max = double(std::numeric_limits<T>::max());
    }
    return rule;
  }

  static void convert(std::string_view field, std::string_view& value) { value = field; }
  static void convert(std::string_view field, bool& value) { value = boolean_of(field).value_or(false); }
  static void convert(std::string_view field, double& value) { value = number_of(field).value_or(0); }
  template <std::integral T>
  static void convert(std::string_view field, T& value) {
    value = T(integer_of(field).value_or(0));
  }
};

/// A table whose rows are structures of C++. Opened once, before the run; copies share it.
///
/// Example:
///   struct User {
///     std::string_view username;
///     int age = 0;
///   };
///   auto users = DataSource<User>::open({.path = "users.csv"}, {.mode = Pick::unique},
///                                       {{"username", &User::username}, {"age", &User::age}});
///   auto reader = users->reader();      // one for each shard
///   DataSource<User>::Entry user;       // one for each iteration that is under way
///   if (auto given = reader.read(k, 0, user); given && *given == Given::row) login(user->username);
template <class Item>
class DataSource {
  struct Shared {
    std::shared_ptr<const Feed> feed;
    std::vector<Field<Item>> fields;
  };

 public:
  /// An item, and the memory that its texts may lie in.
  class Entry {
   public:
    const Item& operator*() const { return item_; }
    const Item* operator->() const { return &item_; }

   private:
    friend class DataSource;
    Item item_{};
    Row row_;
  };

  /// Gives items to the iterations of one shard.
  class Reader {
   public:
    /// As Cursor::row. Texts of the item live until `entry` is read again, and as long as the source.
    Expected<Given> read(std::uint64_t k, std::uint64_t user, Entry& entry) {
      auto given = cursor_->row(k, user, entry.row_);
      if (!given || *given != Given::row) return given;
      for (std::size_t i = 0; i < shared_->fields.size(); ++i)
        shared_->fields[i].assign(entry.item_, entry.row_.field(i));
      return given;
    }

   private:
    friend class DataSource;
    explicit Reader(std::shared_ptr<const Shared> shared)
        : shared_(std::move(shared)), cursor_(shared_->feed->cursor()) {}
    std::shared_ptr<const Shared> shared_;
    std::unique_ptr<Cursor> cursor_;
  };

  /// Fails (kUsage) as data::open and Feed::make do, and for a field that its member cannot hold, with its place.
  static Expected<DataSource> open(Settings settings, const PickSettings& pick, std::vector<Field<Item>> fields) {
    std::vector<std::string> columns;
    for (const Field<Item>& field : fields) {
      columns.push_back(field.column);
      settings.columns.push_back(field.rule());
    }
    auto table = data::open(settings);
    if (!table) return std::unexpected(table.error().summary());
    auto feed = Feed::make(std::move(*table), pick, columns);
    if (!feed) return std::unexpected(std::move(feed.error()));
    return DataSource(std::make_shared<const Shared>(Shared{std::move(*feed), std::move(fields)}));
  }

  [[nodiscard]] Reader reader() const { return Reader(shared_); }
  [[nodiscard]] const Table& table() const { return shared_->feed->table(); }

 private:
  explicit DataSource(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  std::shared_ptr<const Shared> shared_;
};

}  // namespace vajrapulse::data
