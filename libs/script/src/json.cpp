#include <algorithm>
#include <charconv>
#include <cmath>

#include "state.hpp"

// json.decode and json.encode (RFC 8259).
namespace vajrapulse::script {
namespace {

constexpr int kDeepest = 64;

/// Reads one value after the other onto the Lua stack. Raises; so it owns nothing.
class Decoder {
 public:
  Decoder(lua_State* lua, std::string_view text) : lua_(lua), text_(text) {}

  void document() {
    value(0);
    blanks();
    if (at_ < text_.size()) refuse("something follows the value");
  }

 private:
  [[noreturn]] void refuse(const char* what) {
    luaL_error(lua_, "json.decode: %s at byte %d", what, int(at_ + 1));
    std::abort();  // luaL_error does not return
  }

  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char wanted) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void value(int depth) {
    if (depth > kDeepest) refuse("nested more than 64 deep");
    luaL_checkstack(lua_, 8, "nested too deep");
    blanks();
    switch (next()) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string();
      case 't': return word("true", 1);
      case 'f': return word("false", 0);
      case 'n': return word("null", -1);
      default: return number();
    }
  }

  void word(std::string_view word, int truth) {
    if (text_.substr(at_, word.size()) != word) refuse("no value");
    at_ += word.size();
    if (truth < 0)
      lua_pushnil(lua_);
    else
      lua_pushboolean(lua_, truth);
  }

  bool digits() {
    const std::size_t begin = at_;
    while (next() >= '0' && next() <= '9')
      ++at_;
    return at_ > begin;
  }

  void number() {
    const std::size_t begin = at_;
    if (next() == '-') ++at_;
    const bool zero = next() == '0';
    const std::size_t whole = at_;
    if (!digits() || (zero && at_ > whole + 1)) refuse("no value");
    bool integer = true;
    if (next() == '.') {
      ++at_;
      integer = false;
      if (!digits()) refuse("a broken number");
    }
    if (next() == 'e' || next() == 'E') {
      ++at_;
      integer = false;
      if (next() == '+' || next() == '-') ++at_;
      if (!digits()) refuse("a broken number");
    }
    push_number(text_.substr(begin, at_ - begin), integer);
  }

  void push_number(std::string_view word, bool integer) {
    lua_Integer whole = 0;
    const char* const end = word.data() + word.size();
    if (integer && std::from_chars(word.data(), end, whole).ec == std::errc()) return lua_pushinteger(lua_, whole);
    double real = 0;
    if (std::from_chars(word.data(), end, real).ec != std::errc()) refuse("a number that is too large");
    lua_pushnumber(lua_, real);
  }

  unsigned four_digits() {
    unsigned code = 0;
    const std::string_view word = text_.substr(std::min(at_, text_.size()), 4);
    const auto [stop, failure] = std::from_chars(word.data(), word.data() + word.size(), code, 16);
    if (failure != std::errc() || stop != word.data() + 4 || word.size() != 4) refuse("a broken escape");
    at_ += 4;
    return code;
  }

  void code_point(std::string& out) {
    char32_t code = four_digits();
    if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_).starts_with("\\u")) {
      at_ += 2;
      const unsigned low = four_digits();
      code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    }
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) {
      out += char(code);
      return;
    }
    const int tails = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr unsigned kFirst[] = {0, 0xc0, 0xe0, 0xf0};
    out += char(kFirst[tails] | (code >> (6 * tails)));
    for (int i = tails - 1; i >= 0; --i)
      out += char(0x80 | ((code >> (6 * i)) & 0x3f));
  }

  void string() {
    std::string& out = State::of(lua_).scratch;
    out.clear();
    ++at_;
    while (true) {
      const std::size_t stop = text_.find_first_of("\"\\", at_);
      if (stop == text_.npos) refuse("a string that does not end");
      out.append(text_, at_, stop - at_);
      at_ = stop + 1;
      if (text_[stop] == '"') break;
      constexpr std::string_view kWritten = "\"\\/bfnrt";
      constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
      const char kind = next();
      const std::size_t which = kWritten.find(kind);
      if (at_ < text_.size()) ++at_;
      if (kind == 'u')
        code_point(out);
      else if (which != kWritten.npos)
        out += kMeant[which];
      else
        refuse("a broken escape");
    }
    lua_pushlstring(lua_, out.data(), out.size());
  }

  void array(int depth) {
    lua_newtable(lua_);
    ++at_;
    if (take(']')) return;
    for (lua_Integer i = 1;; ++i) {
      value(depth + 1);
      lua_rawseti(lua_, -2, i);
      if (take(']')) return;
      if (!take(',')) refuse("a , or ] is missing");
    }
  }

  void object(int depth) {
    lua_newtable(lua_);
    ++at_;
    if (take('}')) return;
    while (true) {
      blanks();
      if (next() != '"') refuse("a name in quotes is missing");
      string();
      if (!take(':')) refuse("a : is missing");
      value(depth + 1);
      lua_rawset(lua_, -3);
      if (take('}')) return;
      if (!take(',')) refuse("a , or } is missing");
    }
  }

  lua_State* lua_;
  std::string_view text_;
  std::size_t at_ = 0;
};

int decode(lua_State* lua) {
  const std::string_view text = text_argument(lua, 1);
  State::of(lua).charge(1 + text.size());
  Decoder(lua, text).document();
  return 1;
}

/// Writes values into the state's scratch. Raises; so it owns nothing. Metamethods are not asked.
class Encoder {
 public:
  Encoder(lua_State* lua, int sort) : lua_(lua), sort_(sort), state_(State::of(lua)), out_(state_.scratch) {
    out_.clear();
  }

  void value(int index, int depth) {
    state_.charge(10);
    if (out_.size() > state_.limits.memory_bytes) state_.spend(Spent::memory);
    if (depth > kDeepest) luaL_error(lua_, "json.encode: nested more than 64 deep, or within itself");
    luaL_checkstack(lua_, 8, "nested too deep");
    switch (lua_type(lua_, index)) {
      case LUA_TNIL: out_ += "null"; return;
      case LUA_TBOOLEAN: out_ += lua_toboolean(lua_, index) != 0 ? "true" : "false"; return;
      case LUA_TNUMBER: return number(index);
      case LUA_TSTRING: return string(index);
      case LUA_TTABLE: return table(index, depth);
      default: luaL_error(lua_, "json.encode: a %s has no JSON", luaL_typename(lua_, index));
    }
  }

 private:
  void number(int index) {
    char digits[32];
    std::to_chars_result written{};
    if (lua_isinteger(lua_, index) != 0) {
      written = std::to_chars(digits, digits + sizeof digits, lua_tointeger(lua_, index));
    } else {
      const double real = lua_tonumber(lua_, index);
      if (!std::isfinite(real)) luaL_error(lua_, "json.encode: this number has no JSON");
      written = std::to_chars(digits, digits + sizeof digits, real);
    }
    out_.append(digits, std::size_t(written.ptr - digits));
  }

  void string(int index) {
    const std::string_view text = text_argument(lua_, index);
    state_.charge(text.size() / 4);
    constexpr std::string_view kWritten = "\"\\bfnrt";
    constexpr std::string_view kMeant = "\"\\\b\f\n\r\t";
    out_ += '"';
    for (const char c : text) {
      if (const std::size_t which = kMeant.find(c); which != kMeant.npos) {
        out_ += '\\';
        out_ += kWritten[which];
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr std::string_view kHex = "0123456789abcdef";
        out_ += "\\u00";
        out_ += kHex[std::size_t(c >> 4)];
        out_ += kHex[std::size_t(c & 15)];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  /// Elements 1 to n and nothing else are an array.
  void table(int index, int depth) {
    lua_Integer count = 0;
    for (lua_pushnil(lua_); lua_next(lua_, index) != 0; lua_pop(lua_, 1)) {
      state_.charge(1);
      ++count;
    }
    const auto size = lua_Integer(lua_rawlen(lua_, index));
    if (size == 0 || size != count) return object(index, depth, count);
    out_ += '[';
    for (lua_Integer i = 1; i <= size; ++i) {
      if (i > 1) out_ += ',';
      lua_rawgeti(lua_, index, i);
      value(lua_gettop(lua_), depth + 1);
      lua_pop(lua_, 1);
    }
    out_ += ']';
  }

  void object(int index, int depth, lua_Integer count) {
    state_.charge(std::uint64_t(count) * 20);
    sorted_names(index);
    const int names = lua_gettop(lua_);
    out_ += '{';
    const auto size = lua_Integer(lua_rawlen(lua_, names));
    for (lua_Integer i = 1; i <= size; ++i) {
      if (i > 1) out_ += ',';
      lua_rawgeti(lua_, names, i);
      string(lua_gettop(lua_));
      out_ += ':';
      // A number as a name was written as a text; it is looked up as what it was.
      if (lua_rawget(lua_, index) == LUA_TNIL) {
        lua_pop(lua_, 1);
        lua_rawgeti(lua_, names, i);
        lua_stringtonumber(lua_, lua_tostring(lua_, -1));
        lua_remove(lua_, -2);
        lua_rawget(lua_, index);
      }
      value(lua_gettop(lua_), depth + 1);
      lua_pop(lua_, 1);
    }
    out_ += '}';
    lua_pop(lua_, 1);
  }

  void sorted_names(int index) {
    lua_newtable(lua_);
    const int names = lua_gettop(lua_);
    lua_Integer count = 0;
    for (lua_pushnil(lua_); lua_next(lua_, index) != 0; lua_pop(lua_, 1)) {
      const int kind = lua_type(lua_, -2);
      if (kind != LUA_TSTRING && kind != LUA_TNUMBER)
        luaL_error(lua_, "json.encode: a %s is no name", luaL_typename(lua_, -2));
      lua_pushvalue(lua_, -2);
      lua_tolstring(lua_, -1, nullptr);
      lua_rawseti(lua_, names, ++count);
    }
    lua_pushvalue(lua_, sort_);
    lua_pushvalue(lua_, names);
    lua_call(lua_, 1, 0);
  }

  lua_State* lua_;
  int sort_;
  State& state_;
  std::string& out_;
};

int encode(lua_State* lua) {
  luaL_checkany(lua, 1);
  lua_settop(lua, 1);
  Encoder(lua, lua_upvalueindex(1)).value(1, 0);
  const std::string& text = State::of(lua).scratch;
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

}  // namespace

void open_json(lua_State* lua) {
  lua_newtable(lua);
  lua_pushcfunction(lua, decode);
  lua_setfield(lua, -2, "decode");
  lua_pushcfunction(lua, luaopen_table);
  lua_call(lua, 0, 1);
  lua_getfield(lua, -1, "sort");
  lua_remove(lua, -2);
  lua_pushcclosure(lua, encode, 1);
  lua_setfield(lua, -2, "encode");
}

}  // namespace vajrapulse::script
