#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/script/value.hpp"

namespace vajrapulse::script {

/// A script went wrong: a nil was indexed, error() was called.
inline constexpr ErrorKind kScriptError{"script-error"};
/// A script reached one of its limits.
inline constexpr ErrorKind kScriptLimit{"script-limit"};
/// A script called fail().
inline constexpr ErrorKind kScriptFailed{"script-failed"};

struct Limits {
  /// What one run may take beyond what was there before.
  std::size_t memory_bytes = 16 << 20;
  /// What all iterations of the interpreter keep together.
  std::size_t total_bytes = 256 << 20;
  /// Of Lua's virtual machine, in one run. Work within library functions counts by the bytes they go through.
  std::uint64_t instructions = 10'000'000;
};

/// Where in a script something is wrong, what, and what to write instead.
struct Mistake {
  std::size_t line = 1;    ///< of the script, from 1
  std::size_t column = 0;  ///< in characters, from 1; 0 when it is not known
  std::size_t length = 1;
  std::string message;  ///< without place
  std::string cure;
};

/// A compiled script, of the Interpreter that compiled it.
struct Chunk {
  std::uint32_t index = 0;
};

class Interpreter;
struct State;

/// The globals of one iteration: what its scripts write there, its later scripts see, and no other iteration's. Made
/// when first run with; outlives the Interpreter without harm. The thread of its Interpreter.
class Environment {
 public:
  Environment() = default;
  ~Environment() { clear(); }
  Environment(Environment&& other) noexcept;
  Environment& operator=(Environment&& other) noexcept;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  /// For the next iteration.
  void clear() noexcept;

 private:
  friend class Interpreter;
  std::shared_ptr<State> state_;
  int reference_ = 0;
  std::uint64_t id_ = 0;
};

/// Lua 5.4 for `script` steps, in a sandbox. One of it a shard; one thread.
///
///   local id = users.username .. "-" .. iteration     -- variables by their names
///   if token == nil then fail("not logged in") end    -- fail ends the script, and pcall does not hold it back
///   vars["user-id"] = id                              -- names with hyphens, and everything that is written
///   vars.signature = string.upper(token)
///   log("as " .. id)
///
/// A plain name reads: the script's own globals, then the library, then the plan's variables. A plain name that is a
/// variable of the plan cannot be assigned: `vars.name = …` does that, and takes a text, number, boolean or nil; other
/// globals last for the iteration. `iteration`, `user`; `random()` in [0, 1), `random(n)` in 1..n, `random(a, b)`: from
/// the iteration's seed, as is math.random. `json.decode(text)` (null becomes nil), `json.encode(value)` (keys in
/// order; an empty table is {}).
///
/// Library: assert error getmetatable ipairs next pairs pcall print (as log) rawequal rawget rawlen setmetatable
/// tonumber tostring type xpcall; string, table, math, utf8.char and utf8.len. Not there: os io load loadstring
/// loadfile dofile require package debug collectgarbage coroutine select rawset string.dump string.pack, varargs (...),
/// _ENV, and the metamethods __gc, __mode and __close; other metamethods are Lua functions or
/// tables, and are read when setmetatable is called. table.unpack and string.byte give at most 250 values.
///
/// A run ends within its limits whatever the script: instructions are counted, library functions and memory are
/// charged for in the same coin, and what runs on after a limit is reached (pcall, metamethods) is stopped at once.
/// The order of pairs() is not the same in every run.
class Interpreter {
 public:
  explicit Interpreter(const Limits& limits = {});
  ~Interpreter();
  Interpreter(Interpreter&&) noexcept;
  Interpreter& operator=(Interpreter&&) noexcept;

  static constexpr std::size_t kMostSource = 64 << 10;

  /// At most 64 KiB of text; bytecode is refused.
  std::expected<Chunk, Mistake> compile(std::string_view source);

  /// To its end, without waiting for anything. An Error's message begins with its place: "line 3: attempt to index a
  /// nil value (global 'x')". After an Error the interpreter goes on with the next run; so may the environment.
  Status run(Chunk chunk, Environment& environment, Surroundings& surroundings);

  /// Bytes in use, garbage included.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  std::shared_ptr<State> state_;
};

/// What is wrong with a script, for a plan that is only read.
std::optional<Mistake> check(std::string_view source);

}  // namespace vajrapulse::script
