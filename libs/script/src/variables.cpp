#include <optional>

#include "state.hpp"

// How a script sees the variables of the plan.
namespace vajrapulse::script {
namespace {

/// Integers stay integers, so that they are written without ".0".
void push(lua_State* lua, const Value& value) {
  switch (value.type) {
    case Type::null: return lua_pushnil(lua);
    case Type::boolean: return lua_pushboolean(lua, value.number != 0 ? 1 : 0);
    case Type::text: lua_pushlstring(lua, value.text.data(), value.text.size()); return;
    case Type::number: break;
  }
  lua_Integer whole = 0;
  if (lua_numbertointeger(value.number, &whole) && double(whole) == value.number)
    lua_pushinteger(lua, whole);
  else
    lua_pushnumber(lua, value.number);
}

Value value_argument(lua_State* lua, int index) {
  switch (lua_type(lua, index)) {
    case LUA_TNIL: return Value::null();
    case LUA_TBOOLEAN: return Value::boolean(lua_toboolean(lua, index) != 0);
    case LUA_TNUMBER: return Value::of(lua_tonumber(lua, index));
    case LUA_TSTRING: return Value::of(text_argument(lua, index));
    default: break;
  }
  luaL_error(lua, "a variable holds a text, number, boolean or nil, not a %s; write a table with json.encode",
             luaL_typename(lua, index));
  return {};
}

int refuse_field(lua_State* lua) { return luaL_error(lua, "fields of data cannot be set; write vars.name = …"); }
int read_field(lua_State* lua);

/// A table that stands for a source of data; its metatable knows the name.
void push_source(lua_State* lua, int name) {
  lua_newtable(lua);
  lua_newtable(lua);
  lua_pushvalue(lua, name);
  lua_pushcclosure(lua, read_field, 1);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, refuse_field);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
}

/// The variable whose name stands at `index`.
int push_variable(lua_State* lua, int index) {
  State& state = State::of(lua);
  const std::string_view name = text_argument(lua, index);
  state.charge(1 + name.size() / 16);
  const std::optional<Value> value = state.surroundings->get(name);
  if (value)
    push(lua, *value);
  else if (state.surroundings->has_fields(name))
    push_source(lua, index);
  else
    lua_pushnil(lua);
  return 1;
}

int read_field(lua_State* lua) {
  if (lua_type(lua, 2) != LUA_TSTRING) return 0;
  lua_pushvalue(lua, lua_upvalueindex(1));
  lua_pushliteral(lua, ".");
  lua_pushvalue(lua, 2);
  lua_concat(lua, 3);
  return push_variable(lua, lua_gettop(lua));
}

int read_vars(lua_State* lua) {
  if (lua_type(lua, 2) != LUA_TSTRING) return 0;
  return push_variable(lua, 2);
}

/// Writes what an Error says where Lua can raise it; the Error itself is gone by then.
bool set_variable(lua_State* lua, std::string_view name, const Value& value) {
  State& state = State::of(lua);
  const Status set = state.surroundings->set(name, value);
  if (set) return true;
  state.failure = set.error().text();
  return false;
}

int write_vars(lua_State* lua) {
  if (lua_type(lua, 2) != LUA_TSTRING) return luaL_error(lua, "a variable's name is a text");
  State::of(lua).charge(10);
  const std::string_view name = text_argument(lua, 2);
  const Value value = value_argument(lua, 3);
  if (set_variable(lua, name, value)) return 0;
  return luaL_error(lua, "%s", State::of(lua).failure.c_str());
}

/// A global that the script has not made: upvalue 1 is the library.
int read_global(lua_State* lua) {
  if (lua_type(lua, 2) != LUA_TSTRING) return 0;
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  lua_pop(lua, 1);
  const std::string_view name = text_argument(lua, 2);
  State& state = State::of(lua);
  if (name == "iteration" || name == "user") {
    lua_pushinteger(lua, lua_Integer(name == "user" ? state.surroundings->user() : state.surroundings->iteration()));
    return 1;
  }
  return push_variable(lua, 2);
}

int write_global(lua_State* lua) {
  if (lua_type(lua, 2) == LUA_TSTRING) {
    State& state = State::of(lua);
    const std::string_view name = text_argument(lua, 2);
    state.charge(1 + name.size() / 16);
    const bool known = state.surroundings->get(name).has_value() || state.surroundings->has_fields(name);
    if (known)
      return luaL_error(lua, "'%s' is a variable of the plan; write vars.%s = …, or local %s = …", lua_tostring(lua, 2),
                        lua_tostring(lua, 2), lua_tostring(lua, 2));
  }
  lua_settop(lua, 3);
  lua_rawset(lua, 1);
  return 0;
}

void seal(lua_State* lua) {
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
}

}  // namespace

void open_variables(lua_State* lua, int library) {
  lua_newtable(lua);
  lua_newtable(lua);
  lua_pushcfunction(lua, read_vars);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, write_vars);
  lua_setfield(lua, -2, "__newindex");
  seal(lua);
  lua_setmetatable(lua, -2);
  lua_setfield(lua, library, "vars");

  lua_newtable(lua);
  lua_pushvalue(lua, library);
  lua_pushcclosure(lua, read_global, 1);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, write_global);
  lua_setfield(lua, -2, "__newindex");
  seal(lua);
}

}  // namespace vajrapulse::script
