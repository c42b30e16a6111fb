#include <algorithm>

#include "state.hpp"

// What scripts find in place of Lua's own library: its functions where they are harmless, charged for what they go
// through, and ours where they are not.
namespace vajrapulse::script {
namespace {

constexpr lua_Integer kMostResults = 250;
constexpr std::size_t kLongestLog = 4'096;

/// What the wrapped function does, with its arguments where they are.
int go_on(lua_State* lua) { return lua_tocfunction(lua, lua_upvalueindex(1))(lua); }

/// Goes once through all texts it is given.
int through_texts(lua_State* lua) {
  std::uint64_t bytes = 0;
  for (int i = 1; i <= lua_gettop(lua); ++i)
    if (lua_type(lua, i) == LUA_TSTRING) bytes += lua_rawlen(lua, i);
  State::of(lua).charge(1 + bytes / 16);
  return go_on(lua);
}

std::uint64_t between(lua_Integer first, lua_Integer last) {
  return last < first ? 0 : std::uint64_t(last) - std::uint64_t(first) + 1;
}

/// Moves what stands behind a place: insert in the middle, remove.
int move_rest(lua_State* lua, int place) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  std::uint64_t moved = 0;
  if (lua_gettop(lua) >= place) moved = between(luaL_checkinteger(lua, 2), luaL_len(lua, 1));
  State::of(lua).charge(1 + moved);
  return go_on(lua);
}
int insert(lua_State* lua) { return move_rest(lua, 3); }
int remove(lua_State* lua) { return move_rest(lua, 2); }

int concat(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  const lua_Integer first = luaL_optinteger(lua, 3, 1);
  const lua_Integer last = lua_isnoneornil(lua, 4) ? luaL_len(lua, 1) : luaL_checkinteger(lua, 4);
  State::of(lua).charge(1 + between(first, last));
  return go_on(lua);
}

int move(lua_State* lua) {
  State::of(lua).charge(1 + between(luaL_checkinteger(lua, 2), luaL_checkinteger(lua, 3)));
  return go_on(lua);
}

int sort(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  // Only Lua's own instructions are counted while it runs.
  if (lua_iscfunction(lua, 2) != 0) luaL_argerror(lua, 2, "write the comparison as a function(a, b)");
  const auto size = std::uint64_t(std::max<lua_Integer>(luaL_len(lua, 1), 0));
  State::of(lua).charge(1 + size * 20);
  return go_on(lua);
}

int unpack(lua_State* lua) {
  const lua_Integer first = luaL_optinteger(lua, 2, 1);
  const lua_Integer last = lua_isnoneornil(lua, 3) ? luaL_len(lua, 1) : luaL_checkinteger(lua, 3);
  if (between(first, last) > std::uint64_t(kMostResults)) luaL_error(lua, "unpack gives at most 250 values");
  return go_on(lua);
}

/// A position as Lua counts, from the end when negative; clamped to 0.
lua_Integer position(lua_Integer at, std::size_t size) {
  if (at >= 0) return at;
  return at < -lua_Integer(size) ? 0 : lua_Integer(size) + at + 1;
}

int byte(lua_State* lua) {
  const std::string_view text = text_argument(lua, 1);
  const lua_Integer first = luaL_optinteger(lua, 2, 1);
  const lua_Integer from = std::max<lua_Integer>(position(first, text.size()), 1);
  const lua_Integer to = std::min(position(luaL_optinteger(lua, 3, first), text.size()), lua_Integer(text.size()));
  if (between(from, to) > std::uint64_t(kMostResults)) luaL_error(lua, "byte gives at most 250 values");
  luaL_checkstack(lua, int(kMostResults), "too many values");
  for (lua_Integer at = from; at <= to; ++at)
    lua_pushinteger(lua, static_cast<unsigned char>(text[std::size_t(at) - 1]));
  return int(between(from, to));
}

/// Lua's own counts to n even when there is nothing to repeat.
int repeat(lua_State* lua) {
  const std::string_view text = text_argument(lua, 1);
  const lua_Integer times = luaL_checkinteger(lua, 2);
  std::size_t size = 0;
  const char* separator = luaL_optlstring(lua, 3, "", &size);
  if (times <= 0 || text.size() + size == 0) {
    lua_pushliteral(lua, "");
    return 1;
  }
  State& state = State::of(lua);
  const std::size_t each = text.size() + size;
  if (std::uint64_t(times) > state.limits.memory_bytes / each) state.spend(Spent::memory);
  state.charge(1 + std::uint64_t(times));
  luaL_Buffer out;
  luaL_buffinitsize(lua, &out, each * std::size_t(times));
  for (lua_Integer i = 0; i < times; ++i) {
    luaL_addlstring(&out, text.data(), text.size());
    if (i + 1 < times) luaL_addlstring(&out, separator, size);
  }
  luaL_pushresult(&out);
  return 1;
}

/// A long run of keys without values takes time to pass.
int next(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  lua_settop(lua, 2);
  State& state = State::of(lua);
  state.charge(1 + state.large.heaviest(state.owner) / 4'096);
  if (lua_next(lua, 1) != 0) return 2;
  lua_pushnil(lua);
  return 1;
}

int pairs(lua_State* lua) {
  luaL_checkany(lua, 1);
  if (luaL_getmetafield(lua, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(lua, 1);
    lua_call(lua, 1, 3);
    return 3;
  }
  lua_pushcfunction(lua, next);
  lua_pushvalue(lua, 1);
  lua_pushnil(lua);
  return 3;
}

int protected_call(lua_State* lua) {
  luaL_checkany(lua, 1);
  const int status = lua_pcall(lua, lua_gettop(lua) - 1, LUA_MULTRET, 0);
  State& state = State::of(lua);
  if (status == LUA_ERRMEM) state.spend(Spent::memory);
  state.stop_if_spent();
  lua_pushboolean(lua, status == LUA_OK ? 1 : 0);
  lua_insert(lua, 1);
  return lua_gettop(lua);
}

/// The handler runs when the error has unwound: there is no trace to take of it anyway.
int protected_call_with(lua_State* lua) {
  luaL_checktype(lua, 2, LUA_TFUNCTION);
  lua_pushvalue(lua, 1);
  lua_rotate(lua, 3, 1);
  const int status = lua_pcall(lua, lua_gettop(lua) - 3, LUA_MULTRET, 0);
  State& state = State::of(lua);
  if (status == LUA_ERRMEM) state.spend(Spent::memory);
  state.stop_if_spent();
  if (status == LUA_OK) {
    lua_pushboolean(lua, 1);
    lua_replace(lua, 2);
    return lua_gettop(lua) - 1;
  }
  lua_pushvalue(lua, 2);
  lua_insert(lua, -2);
  lua_call(lua, 1, 1);
  lua_pushboolean(lua, 0);
  lua_insert(lua, -2);
  return 2;
}

/// A metatable is copied when it is set: what could run behind the accounts' back (__gc, __close), make collecting
/// garbage slow (__mode), or loop without Lua's instructions (functions of C) is not in the copy.
int set_metatable(lua_State* lua) {
  constexpr const char* kEvents[] = {"__index", "__newindex", "__call", "__tostring", "__len", "__eq",   "__lt",
                                     "__le",    "__concat",   "__unm",  "__add",      "__sub", "__mul",  "__div",
                                     "__mod",   "__pow",      "__idiv", "__band",     "__bor", "__bxor", "__shl",
                                     "__shr",   "__bnot",     "__name", "__pairs"};
  luaL_checktype(lua, 1, LUA_TTABLE);
  const int kind = lua_type(lua, 2);
  luaL_argexpected(lua, kind == LUA_TNIL || kind == LUA_TTABLE, 2, "nil or table");
  if (luaL_getmetafield(lua, 1, "__metatable") != LUA_TNIL && !lua_istable(lua, -1))
    luaL_error(lua, "cannot change a protected metatable");
  lua_settop(lua, 2);
  if (kind == LUA_TTABLE) {
    for (const char* refused : {"__gc", "__mode", "__close", "__metatable"}) {
      lua_pushstring(lua, refused);
      if (lua_rawget(lua, 2) != LUA_TNIL) luaL_error(lua, "%s is not available in scripts", refused);
      lua_pop(lua, 1);
    }
    lua_newtable(lua);
    for (const char* event : kEvents) {
      lua_pushstring(lua, event);
      lua_rawget(lua, 2);
      if (lua_iscfunction(lua, -1) != 0) luaL_error(lua, "%s must be a function written in the script", event);
      if (lua_isnil(lua, -1))
        lua_pop(lua, 1);
      else
        lua_setfield(lua, 3, event);
    }
    lua_pushvalue(lua, 2);
    lua_setfield(lua, 3, "__metatable");
  }
  lua_setmetatable(lua, 1);
  lua_settop(lua, 1);
  return 1;
}

int log(lua_State* lua) {
  State& state = State::of(lua);
  const int count = lua_gettop(lua);
  luaL_Buffer out;
  luaL_buffinit(lua, &out);
  for (int i = 1; i <= count; ++i) {
    if (i > 1) luaL_addchar(&out, '\t');
    luaL_tolstring(lua, i, nullptr);
    luaL_addvalue(&out);
  }
  luaL_pushresult(&out);
  const std::string_view text = text_argument(lua, -1);
  state.charge(100 + text.size() / 16);
  state.surroundings->log(text.substr(0, kLongestLog));
  return 0;
}

int fail(lua_State* lua) {
  State& state = State::of(lua);
  std::size_t size = 0;
  const char* text = lua_isnoneornil(lua, 1) ? "the script called fail()" : luaL_tolstring(lua, 1, &size);
  state.failure.assign(text, size == 0 ? std::char_traits<char>::length(text) : std::min(size, kLongestLog));
  state.spend(Spent::failed);
}

/// As math.random: a share, or an integer of a range.
int random(lua_State* lua) {
  Random& random = State::of(lua).surroundings->random();
  const int count = lua_gettop(lua);
  if (count == 0) {
    lua_pushnumber(lua, random.uniform());
    return 1;
  }
  const lua_Integer low = count == 1 ? 1 : luaL_checkinteger(lua, 1);
  const lua_Integer high = luaL_checkinteger(lua, count == 1 ? 1 : 2);
  luaL_argcheck(lua, low <= high, count == 1 ? 1 : 2, "interval is empty");
  const std::uint64_t width = std::uint64_t(high) - std::uint64_t(low) + 1;
  const std::uint64_t drawn = width == 0 ? random.next() : random.below(width);
  lua_pushinteger(lua, lua_Integer(std::uint64_t(low) + drawn));
  return 1;
}

int refuse_change(lua_State* lua) { return luaL_error(lua, "the library cannot be changed"); }

/// In place of the table on top, an empty one that reads through to it and cannot be written.
void protect(lua_State* lua) {
  lua_newtable(lua);
  lua_newtable(lua);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, refuse_change);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
  lua_remove(lua, -2);
}

/// Copies functions of the table at `from` to the table on top, behind `wrapper` if there is one.
void copy(lua_State* lua, int from, std::initializer_list<const char*> names, lua_CFunction wrapper = nullptr) {
  for (const char* name : names) {
    lua_getfield(lua, from, name);
    if (wrapper != nullptr) lua_pushcclosure(lua, wrapper, 1);
    lua_setfield(lua, -2, name);
  }
}

void set(lua_State* lua, const char* name, lua_CFunction function) {
  lua_pushcfunction(lua, function);
  lua_setfield(lua, -2, name);
}

/// Lua's own library of that name, on top.
int open(lua_State* lua, lua_CFunction opens, const char* name) {
  lua_pushcfunction(lua, opens);
  lua_pushstring(lua, name);
  lua_call(lua, 1, 1);
  return lua_gettop(lua);
}

void open_string(lua_State* lua, int library) {
  const int own = open(lua, luaopen_string, "string");
  lua_newtable(lua);
  copy(lua, own, {"format", "lower", "reverse", "upper"}, through_texts);
  copy(lua, own, {"char", "len", "sub"});
  set(lua, "byte", byte);
  set(lua, "rep", repeat);
  open_patterns(lua);
  protect(lua);
  // ("x"):rep(3) finds the same.
  lua_pushliteral(lua, "");
  lua_getmetatable(lua, -1);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_pop(lua, 2);
  lua_setfield(lua, library, "string");
  lua_settop(lua, library);
}

void open_table(lua_State* lua, int library) {
  const int own = open(lua, luaopen_table, "table");
  lua_newtable(lua);
  copy(lua, own, {"insert"}, insert);
  copy(lua, own, {"remove"}, remove);
  copy(lua, own, {"concat"}, concat);
  copy(lua, own, {"move"}, move);
  copy(lua, own, {"sort"}, sort);
  copy(lua, own, {"unpack"}, unpack);
  copy(lua, own, {"pack"});
  protect(lua);
  lua_setfield(lua, library, "table");
  lua_settop(lua, library);
}

void open_numbers(lua_State* lua, int library) {
  const int math = open(lua, luaopen_math, "math");
  lua_newtable(lua);
  copy(lua, math, {"abs",  "acos", "asin",      "atan", "ceil", "cos",        "deg",       "exp", "floor",
                   "fmod", "huge", "log",       "max",  "min",  "modf",       "pi",        "rad", "sin",
                   "sqrt", "tan",  "tointeger", "type", "ult",  "maxinteger", "mininteger"});
  set(lua, "random", random);
  protect(lua);
  lua_setfield(lua, library, "math");
  lua_settop(lua, library);
  const int utf8 = open(lua, luaopen_utf8, "utf8");
  lua_newtable(lua);
  copy(lua, utf8, {"len"}, through_texts);
  copy(lua, utf8, {"char"});
  protect(lua);
  lua_setfield(lua, library, "utf8");
  lua_settop(lua, library);
}

void open_base(lua_State* lua, int library) {
  const int own = open(lua, luaopen_base, "_G");
  lua_pushvalue(lua, library);
  copy(lua, own, {"assert", "error", "getmetatable", "ipairs", "rawequal", "rawget", "rawlen", "tostring", "type"});
  copy(lua, own, {"tonumber"}, through_texts);
  constexpr luaL_Reg kOurs[] = {{"next", next},
                                {"pairs", pairs},
                                {"pcall", protected_call},
                                {"xpcall", protected_call_with},
                                {"setmetatable", set_metatable},
                                {"log", log},
                                {"print", log},
                                {"fail", fail},
                                {"random", random},
                                {nullptr, nullptr}};
  luaL_setfuncs(lua, kOurs, 0);
  lua_settop(lua, library);
  open_json(lua);
  protect(lua);
  lua_setfield(lua, library, "json");
}

}  // namespace

void open_library(lua_State* lua) {
  lua_newtable(lua);
  const int library = lua_gettop(lua);
  open_base(lua, library);
  open_string(lua, library);
  open_table(lua, library);
  open_numbers(lua, library);
  open_variables(lua, library);
  lua_remove(lua, library);
}

}  // namespace vajrapulse::script
