#pragma once

#include <cstddef>
#include <cstdint>
#include <lua.hpp>
#include <string>
#include <vector>

#include "vajrapulse/script/interpreter.hpp"

// Lua raises errors by longjmp: no function that may raise one holds anything with a destructor while it does.

namespace vajrapulse::script {

/// Large blocks that are in use, each with the environment it was made for. One instruction may go through all of one
/// (a comparison, a concatenation, a call with many results), so that each counts for more while they exist.
class LargeBlocks {
 public:
  static constexpr std::size_t kLarge = 16 << 10;

  enum class Kind : std::uint8_t { text, other };

  void add(const void* at, std::size_t bytes, std::uint64_t owner, Kind kind);
  void remove(const void* at);
  /// Bytes of the largest.
  [[nodiscard]] std::size_t heaviest(std::uint64_t owner) const noexcept;
  /// How many instructions one counts for.
  [[nodiscard]] std::uint64_t weight(std::uint64_t owner) const noexcept;

 private:
  struct Block {
    const void* at;
    std::size_t bytes;
    std::uint64_t owner;
    Kind kind;
  };
  std::vector<Block> blocks_;
};

/// Why nothing of a script may run any more.
enum class Spent : std::uint8_t { no, instructions, memory, failed };

/// A Lua state with the accounts of its run.
struct State {
  explicit State(const Limits& given);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static State& of(lua_State* lua) noexcept { return **static_cast<State**>(lua_getextraspace(lua)); }

  /// From now on limits are held; `environment` owns what is made.
  void begin(std::uint64_t environment, Surroundings* around);
  void end() noexcept;

  /// Takes instructions off the budget; raises when it is spent. For library functions, before they work.
  void charge(std::uint64_t instructions);
  /// The same for code that cannot be left by a jump: false when it is spent.
  bool take(std::uint64_t instructions) noexcept;
  /// Ends the run: nothing of the script runs any more.
  [[noreturn]] void spend(Spent why);
  /// Goes on with an error when the run has ended; for what catches errors.
  void stop_if_spent();

  /// The line that is running; 0 when none is.
  [[nodiscard]] int line() const;

  Limits limits;
  lua_State* lua = nullptr;
  std::size_t used = 0;
  std::size_t allowed = 0;
  std::uint64_t work = 0;
  std::uint64_t owner = 0;
  std::uint64_t environments = 0;
  Spent spent = Spent::no;
  bool running = false;
  int failed_line = 0;
  std::string failure;  ///< what fail() said, or setting a variable
  std::string scratch;  ///< for functions that build texts, so that an error leaves nothing behind
  Surroundings* surroundings = nullptr;
  LargeBlocks large;
  std::vector<int> chunks;  ///< in the registry
  int prepared = 0;         ///< the metatable of environments, in the registry
};

/// Builds the sandbox's library; leaves the metatable of environments on the stack. May raise.
void open_library(lua_State* lua);
/// Functions of `string` that look at patterns; sets them in the table on top.
void open_patterns(lua_State* lua);
/// json.decode and json.encode, as a table on top.
void open_json(lua_State* lua);
/// Variables: `vars`, and how environments look for a name. Leaves the environments' metatable on top; `library` is
/// the index of the table of builtin names.
void open_variables(lua_State* lua, int library);

/// Text as an argument; a number counts as one.
std::string_view text_argument(lua_State* lua, int index);

}  // namespace vajrapulse::script
