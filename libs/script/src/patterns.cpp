#include <algorithm>
#include <cstring>

#include "matcher.hpp"
#include "state.hpp"

// string.find, match, gmatch and gsub on our Matcher; the results are those of Lua 5.4's own.
namespace vajrapulse::script {
namespace {

constexpr std::size_t kLongestPattern = 4'096;

void check_pattern(lua_State* lua, int index, std::string_view pattern) {
  if (pattern.size() > kLongestPattern) luaL_argerror(lua, index, "a pattern has at most 4096 bytes");
}

std::string_view pattern_argument(lua_State* lua, int index) {
  const std::string_view pattern = text_argument(lua, index);
  check_pattern(lua, index, pattern);
  return pattern;
}

/// Raises what ended the matcher, if anything did.
void check(lua_State* lua, const Matcher& matcher) {
  if (matcher.spent()) State::of(lua).charge(1);
  if (matcher.problem() != nullptr) luaL_error(lua, "%s", matcher.problem());
}

/// One capture, or the whole match for the first when there are none. `subject` tells where a position is.
void push_capture(lua_State* lua, const Matcher& matcher, std::string_view subject, int i, const char* begin,
                  const char* end) {
  if (i >= matcher.captures()) {
    if (i != 0) luaL_error(lua, "invalid capture index %%%d", i + 1);
    lua_pushlstring(lua, begin, std::size_t(end - begin));
    return;
  }
  const Matcher::Capture& capture = matcher.capture(i);
  if (capture.size == Matcher::Capture::kOpen) luaL_error(lua, "unfinished capture");
  if (capture.size == Matcher::Capture::kPosition)
    lua_pushinteger(lua, capture.begin - subject.data() + 1);
  else
    lua_pushlstring(lua, capture.begin, std::size_t(capture.size));
}

/// All captures, or the whole match when there are none.
int push_captures(lua_State* lua, const Matcher& matcher, std::string_view subject, const char* begin,
                  const char* end) {
  const int count = std::max(matcher.captures(), begin == nullptr ? 0 : 1);
  luaL_checkstack(lua, count, "too many captures");
  for (int i = 0; i < count; ++i)
    push_capture(lua, matcher, subject, i, begin, end);
  return count;
}

/// Where a search begins, from 0: an argument as Lua counts, from the end when negative.
std::size_t start_argument(lua_State* lua, int index, std::size_t size) {
  const lua_Integer at = luaL_optinteger(lua, index, 1);
  if (at > 0) return std::size_t(at) - 1;
  if (at == 0 || at < -lua_Integer(size)) return 0;
  return std::size_t(lua_Integer(size) + at);
}

bool has_signs(std::string_view pattern) { return pattern.find_first_of("^$*+?.([%-") != pattern.npos; }

/// Where `wanted` stands in `text`; every place that is tried is charged for.
const char* search(State& state, std::string_view text, std::string_view wanted) {
  if (wanted.empty()) return text.data();
  const char* at = text.data();
  const char* const end = at + text.size();
  while (std::size_t(end - at) >= wanted.size()) {
    const auto* next = static_cast<const char*>(std::memchr(at, wanted[0], std::size_t(end - at) - wanted.size() + 1));
    state.charge(1 + std::uint64_t((next == nullptr ? end : next) - at) / 64 + wanted.size() / 32);
    if (next == nullptr) return nullptr;
    if (std::memcmp(next, wanted.data(), wanted.size()) == 0) return next;
    at = next + 1;
  }
  return nullptr;
}

int push_place(lua_State* lua, std::string_view subject, const char* begin, const char* end) {
  lua_pushinteger(lua, begin - subject.data() + 1);
  lua_pushinteger(lua, end - subject.data());
  return 2;
}

/// find gives the place before the captures.
int find_or_match(lua_State* lua, bool find) {
  const std::string_view subject = text_argument(lua, 1);
  std::string_view pattern = text_argument(lua, 2);
  const std::size_t start = start_argument(lua, 3, subject.size());
  State& state = State::of(lua);
  if (start > subject.size()) {
    lua_pushnil(lua);
    return 1;
  }
  if (find && (lua_toboolean(lua, 4) != 0 || !has_signs(pattern))) {
    const char* begin = search(state, subject.substr(start), pattern);
    if (begin != nullptr) return push_place(lua, subject, begin, begin + pattern.size());
    lua_pushnil(lua);
    return 1;
  }
  check_pattern(lua, 2, pattern);
  const bool anchored = pattern.starts_with('^');
  if (anchored) pattern.remove_prefix(1);
  Matcher matcher(subject, pattern, state);
  const char* const last = subject.data() + subject.size();
  for (const char* at = subject.data() + start; at <= last; ++at) {
    const char* end = matcher.match(at);
    check(lua, matcher);
    if (end != nullptr) {
      if (!find) return push_captures(lua, matcher, subject, at, end);
      return push_place(lua, subject, at, end) + push_captures(lua, matcher, subject, nullptr, nullptr);
    }
    if (anchored) break;
  }
  lua_pushnil(lua);
  return 1;
}

int find(lua_State* lua) { return find_or_match(lua, true); }
int match(lua_State* lua) { return find_or_match(lua, false); }

/// Upvalues: subject, pattern, where to go on, where the last match ended (or -1).
int next_match(lua_State* lua) {
  const std::string_view subject = text_argument(lua, lua_upvalueindex(1));
  const std::string_view pattern = text_argument(lua, lua_upvalueindex(2));
  const lua_Integer last_end = lua_tointeger(lua, lua_upvalueindex(4));
  const char* const last = subject.data() + subject.size();
  Matcher matcher(subject, pattern, State::of(lua));
  for (const char* at = subject.data() + lua_tointeger(lua, lua_upvalueindex(3)); at <= last; ++at) {
    const char* end = matcher.match(at);
    check(lua, matcher);
    if (end == nullptr || end - subject.data() == last_end) continue;
    lua_pushinteger(lua, end - subject.data());
    lua_copy(lua, -1, lua_upvalueindex(3));
    lua_replace(lua, lua_upvalueindex(4));
    return push_captures(lua, matcher, subject, at, end);
  }
  return 0;
}

int gmatch(lua_State* lua) {
  const std::string_view subject = text_argument(lua, 1);
  pattern_argument(lua, 2);
  const std::size_t start = std::min(start_argument(lua, 3, subject.size()), subject.size() + 1);
  lua_settop(lua, 2);
  lua_pushinteger(lua, lua_Integer(start));
  lua_pushinteger(lua, -1);
  lua_pushcclosure(lua, next_match, 4);
  return 1;
}

/// %0 to %9 and %% of a replacement.
void add_text(lua_State* lua, luaL_Buffer* out, const Matcher& matcher, std::string_view subject, const char* begin,
              const char* end) {
  const std::string_view text = text_argument(lua, 3);
  State::of(lua).charge(1 + text.size() / 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      luaL_addchar(out, text[i]);
      continue;
    }
    const char kind = ++i < text.size() ? text[i] : '\0';
    if (kind == '%') {
      luaL_addchar(out, '%');
    } else if (kind == '0') {
      luaL_addlstring(out, begin, std::size_t(end - begin));
    } else if (kind >= '1' && kind <= '9') {
      push_capture(lua, matcher, subject, kind - '1', begin, end);
      luaL_tolstring(lua, -1, nullptr);
      lua_remove(lua, -2);
      luaL_addvalue(out);
    } else {
      luaL_error(lua, "invalid use of '%%' in replacement string");
    }
  }
}

/// What stands for one match: a text, or what a table or function gives for the first capture; false or nil keep it.
void add_replacement(lua_State* lua, luaL_Buffer* out, const Matcher& matcher, std::string_view subject,
                     const char* begin, const char* end, int kind) {
  if (kind == LUA_TFUNCTION) {
    lua_pushvalue(lua, 3);
    lua_call(lua, push_captures(lua, matcher, subject, begin, end), 1);
  } else if (kind == LUA_TTABLE) {
    push_capture(lua, matcher, subject, 0, begin, end);
    lua_gettable(lua, 3);
  } else {
    add_text(lua, out, matcher, subject, begin, end);
    return;
  }
  if (lua_toboolean(lua, -1) == 0) {
    lua_pop(lua, 1);
    luaL_addlstring(out, begin, std::size_t(end - begin));
  } else if (lua_isstring(lua, -1) == 0) {
    luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
  } else {
    luaL_addvalue(out);
  }
}

int gsub(lua_State* lua) {
  const std::string_view subject = text_argument(lua, 1);
  std::string_view pattern = pattern_argument(lua, 2);
  const int kind = lua_type(lua, 3);
  const bool can = kind == LUA_TNUMBER || kind == LUA_TSTRING || kind == LUA_TFUNCTION || kind == LUA_TTABLE;
  luaL_argexpected(lua, can, 3, "string/function/table");
  const lua_Integer most = luaL_optinteger(lua, 4, lua_Integer(subject.size()) + 1);
  const bool anchored = pattern.starts_with('^');
  if (anchored) pattern.remove_prefix(1);
  State& state = State::of(lua);
  const char* const last = subject.data() + subject.size();
  const char* at = subject.data();
  const char* last_end = nullptr;
  lua_Integer count = 0;
  luaL_Buffer out;
  luaL_buffinit(lua, &out);
  while (count < most) {
    // A function may have used a matcher of its own meanwhile: this one is made for the match.
    Matcher matcher(subject, pattern, state);
    const char* end = matcher.match(at);
    check(lua, matcher);
    if (end != nullptr && end != last_end) {
      ++count;
      add_replacement(lua, &out, matcher, subject, at, end, kind);
      at = last_end = end;
    } else if (at < last) {
      luaL_addchar(&out, *at++);
    } else {
      break;
    }
    if (anchored) break;
  }
  luaL_addlstring(&out, at, std::size_t(last - at));
  luaL_pushresult(&out);
  lua_pushinteger(lua, count);
  return 2;
}

}  // namespace

void open_patterns(lua_State* lua) {
  constexpr luaL_Reg kFunctions[] = {
      {"find", find}, {"match", match}, {"gmatch", gmatch}, {"gsub", gsub}, {nullptr, nullptr}};
  luaL_setfuncs(lua, kFunctions, 0);
}

}  // namespace vajrapulse::script
