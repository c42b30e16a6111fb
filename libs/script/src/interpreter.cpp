#include "vajrapulse/script/interpreter.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "scan.hpp"
#include "state.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::script {
namespace {

constexpr std::size_t kLongestMessage = 1'000;
/// Scripts run with a local _ENV of their own, so that a function made by one iteration never sees another's globals.
constexpr std::string_view kPrefix = "local _ENV = ...; ";

struct Source {
  std::string_view parts[2];
  int next = 0;
};

const char* read_source(lua_State*, void* data, std::size_t* size) {
  auto& source = *static_cast<Source*>(data);
  if (source.next == 2) return nullptr;
  const std::string_view part = source.parts[source.next++];
  *size = part.size();
  return part.data();
}

/// On the stack: the Source. Leaves the chunk's place in the registry.
int load(lua_State* lua) {
  void* source = lua_touserdata(lua, 1);
  if (lua_load(lua, read_source, source, "=script", "t") != LUA_OK) return lua_error(lua);
  lua_pushinteger(lua, luaL_ref(lua, LUA_REGISTRYINDEX));
  return 1;
}

int prepare(lua_State* lua) {
  open_library(lua);
  State::of(lua).prepared = luaL_ref(lua, LUA_REGISTRYINDEX);
  return 0;
}

struct Start {
  int chunk;
  int* environment;
};

/// On the stack: the Start.
int start(lua_State* lua) {
  const Start& start = *static_cast<const Start*>(lua_touserdata(lua, 1));
  lua_rawgeti(lua, LUA_REGISTRYINDEX, start.chunk);
  if (*start.environment == 0) {
    lua_newtable(lua);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, State::of(lua).prepared);
    lua_setmetatable(lua, -2);
    *start.environment = luaL_ref(lua, LUA_REGISTRYINDEX);
  }
  lua_rawgeti(lua, LUA_REGISTRYINDEX, *start.environment);
  lua_call(lua, 1, 0);
  return 0;
}

/// Remembers the line while the error's place is still known.
int remember_line(lua_State* lua) {
  State& state = State::of(lua);
  if (state.failed_line == 0) state.failed_line = state.line();
  return 1;
}

int call(State& state, lua_CFunction function, void* argument, int results) {
  lua_pushcfunction(state.lua, remember_line);
  lua_pushcfunction(state.lua, function);
  lua_pushlightuserdata(state.lua, argument);
  const int status = lua_pcall(state.lua, 1, results, 1);
  lua_remove(state.lua, 1);
  return status;
}

/// Splits "script:3: message"; the line stays what it was when there is none.
std::string_view split_place(std::string_view message, int& line) {
  constexpr std::string_view kName = "script:";
  if (!message.starts_with(kName)) return message;
  int found = 0;
  const std::string_view rest = message.substr(kName.size());
  const auto [stop, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), found);
  const std::string_view behind = rest.substr(std::size_t(stop - rest.data()));
  if (failure != std::errc() || !behind.starts_with(": ")) return message;
  line = found;
  return behind.substr(2);
}

std::string with_place(int line, std::string_view message) {
  const std::string shown =
      fmt::format("{}{}", message.substr(0, kLongestMessage), message.size() > kLongestMessage ? "…" : "");
  return line > 0 ? fmt::format("line {}: {}", line, shown) : shown;
}

std::string_view cure_of(std::string_view message) {
  for (const std::string_view name : {"os", "io", "load", "loadstring", "loadfile", "dofile", "require", "package",
                                      "debug", "coroutine", "collectgarbage", "select", "rawset", "_G"})
    if (message.find(fmt::format("(global '{}')", name)) != message.npos)
      return "it is not available in scripts; do it in another kind of step, or in a C++ task";
  if (message.find("nil value (global") != message.npos) return "define it first, or capture it in a step before";
  return {};
}

/// What the value on top says; a table that was thrown says nothing.
std::string_view thrown(lua_State* lua) {
  if (lua_type(lua, -1) != LUA_TSTRING) return {};
  std::size_t size = 0;
  const char* text = lua_tolstring(lua, -1, &size);
  return {text, size};
}

Error limit_error(const State& state) {
  if (state.spent == Spent::memory)
    return {kScriptLimit,
            with_place(state.failed_line,
                       fmt::format("the script needs more than {} of memory", format_bytes(state.limits.memory_bytes))),
            "keep less at a time"};
  return {kScriptLimit,
          with_place(state.failed_line, fmt::format("the script did not end within {} instructions",
                                                    format_count(state.limits.instructions))),
          "look for a loop that does not end, or do the work in a C++ task"};
}

Error error_of(State& state, int status) {
  if (status == LUA_ERRMEM && state.spent == Spent::no) state.spent = Spent::memory;
  if (state.spent == Spent::failed) return {kScriptFailed, state.failure, {}};
  if (state.spent != Spent::no) return limit_error(state);
  int line = state.failed_line;
  const std::string_view message = split_place(thrown(state.lua), line);
  if (message.data() == nullptr)
    return {kScriptError,
            with_place(line, fmt::format("the script raised {} as an error",
                                         lua_isnil(state.lua, -1) ? "nil" : "a value that is no text")),
            "raise a text: error('…')"};
  return {kScriptError, with_place(line, message), std::string(cure_of(message))};
}

/// Lua's sentence about a script that does not compile.
Mistake mistake_of(std::string_view source, std::string_view text) {
  int line = 1;
  std::string_view message = split_place(text, line);
  Mistake mistake{.line = std::size_t(std::max(line, 1)), .message = std::string(message), .cure = {}};
  const std::size_t near = message.rfind(" near '");
  if (near != message.npos && message.ends_with('\'')) {
    const std::string_view token = message.substr(near + 7, message.size() - near - 8);
    locate(mistake, source, token);
  }
  if (message.find("<eof>") != message.npos) mistake.cure = "something that was begun is not ended";
  if (mistake.cure.empty() && message.find("near '!'") != message.npos) mistake.cure = "write not, or ~= for 'differs'";
  if (mistake.cure.empty()) mistake.cure = "see the Lua 5.4 manual for what may stand here";
  return mistake;
}

}  // namespace

Environment::Environment(Environment&& other) noexcept
    : state_(std::move(other.state_)),
      reference_(std::exchange(other.reference_, 0)),
      id_(std::exchange(other.id_, 0)) {}

Environment& Environment::operator=(Environment&& other) noexcept {
  if (this == &other) return *this;
  clear();
  state_ = std::move(other.state_);
  reference_ = std::exchange(other.reference_, 0);
  id_ = std::exchange(other.id_, 0);
  return *this;
}

void Environment::clear() noexcept {
  if (state_ && reference_ != 0) luaL_unref(state_->lua, LUA_REGISTRYINDEX, reference_);
  reference_ = 0;
  id_ = 0;
}

Interpreter::Interpreter(const Limits& limits) : state_(std::make_shared<State>(limits)) {
  if (state_->lua == nullptr || call(*state_, prepare, nullptr, 0) != LUA_OK) throw std::bad_alloc();
}
Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;
Interpreter& Interpreter::operator=(Interpreter&&) noexcept = default;

std::size_t Interpreter::memory_bytes() const noexcept { return state_->used; }

std::expected<Chunk, Mistake> Interpreter::compile(std::string_view source) {
  if (auto refused = scan(source)) return std::unexpected(std::move(*refused));
  Source parts{.parts = {kPrefix, source}};
  state_->begin(0, nullptr);
  const int status = call(*state_, load, &parts, 1);
  state_->end();
  if (status != LUA_OK) {
    Mistake mistake = status == LUA_ERRMEM
                          ? Mistake{.message = "the script is too large to compile", .cure = "shorten it"}
                          : mistake_of(source, thrown(state_->lua));
    lua_settop(state_->lua, 0);
    return std::unexpected(std::move(mistake));
  }
  state_->chunks.push_back(int(lua_tointeger(state_->lua, -1)));
  lua_settop(state_->lua, 0);
  return Chunk{std::uint32_t(state_->chunks.size() - 1)};
}

Status Interpreter::run(Chunk chunk, Environment& environment, Surroundings& surroundings) {
  State& state = *state_;
  if (environment.state_ != state_) {
    environment.clear();
    environment.state_ = state_;
  }
  if (environment.id_ == 0) environment.id_ = ++state.environments;
  Start begin{.chunk = state.chunks[chunk.index], .environment = &environment.reference_};
  state.begin(environment.id_, &surroundings);
  const int status = call(state, start, &begin, 0);
  state.end();
  if (status == LUA_OK) return {};
  Error error = error_of(state, status);
  lua_settop(state.lua, 0);
  // What a run without memory has left is garbage: the next one begins with room.
  if (state.spent == Spent::memory) lua_gc(state.lua, LUA_GCCOLLECT, 0);
  return std::unexpected(std::move(error));
}

std::optional<Mistake> check(std::string_view source) {
  Interpreter interpreter;
  auto chunk = interpreter.compile(source);
  if (chunk) return std::nullopt;
  return std::move(chunk.error());
}

}  // namespace vajrapulse::script
