#include "vajrapulse/script/interpreter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace vajrapulse::script {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// The variables of a test, and what its scripts said.
class Plan : public Surroundings {
 public:
  std::optional<Value> get(std::string_view name) override {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return std::nullopt;
    return found->second;
  }
  bool has_fields(std::string_view name) override {
    const std::string prefix = std::string(name) + ".";
    const auto found = values.lower_bound(prefix);
    return found != values.end() && found->first.starts_with(prefix);
  }
  Status set(std::string_view name, const Value& value) override {
    if (name == "locked") return fail(kUsage, "'locked' cannot be set", "capture into another");
    texts.push_back(std::make_unique<std::string>(value.text));
    values[std::string(name)] = Value{value.type, value.number, *texts.back()};
    return {};
  }
  void log(std::string_view text) override { logged.emplace_back(text); }
  Random& random() override { return numbers; }
  std::uint64_t iteration() override { return 41; }
  std::uint64_t user() override { return 7; }

  std::map<std::string, Value> values{{"token", Value::of("abc")},
                                      {"unset", Value::null()},
                                      {"price", Value::of(1.5)},
                                      {"count", Value::of(3)},
                                      {"yes", Value::boolean(true)},
                                      {"user-id", Value::of("u-1")},
                                      {"users.username", Value::of("anna")}};
  std::vector<std::unique_ptr<std::string>> texts;
  std::vector<std::string> logged;
  Random numbers{7};
};

/// One interpreter with one iteration.
struct Bench {
  explicit Bench(const Limits& limits = {}) : interpreter(limits) {}

  Status run(std::string_view source) {
    const auto chunk = interpreter.compile(source);
    if (!chunk)
      return fail(kUsage, "line " + std::to_string(chunk.error().line) + ": " + chunk.error().message,
                  chunk.error().cure);
    return interpreter.run(*chunk, environment, plan);
  }
  std::string message(std::string_view source) {
    const Status ran = run(source);
    return ran ? "" : ran.error().message;
  }
  ErrorKind kind(std::string_view source) {
    const Status ran = run(source);
    return ran ? kNoError : ran.error().kind;
  }
  /// What it logs.
  std::vector<std::string> logs(std::string_view source) {
    plan.logged.clear();
    EXPECT_EQ(message(source), "") << source;
    return plan.logged;
  }

  Interpreter interpreter;
  Environment environment;
  Plan plan;
};

TEST(Script, ReadsVariablesByTheirNames) {
  Bench bench;
  EXPECT_THAT(bench.logs("log(token, unset, price, count, yes, users.username, vars['user-id'], vars.token)"),
              ElementsAre("abc\tnil\t1.5\t3\ttrue\tanna\tu-1\tabc"));
  EXPECT_THAT(bench.logs("log(iteration, user, vars.users.username, nothing)"), ElementsAre("41\t7\tanna\tnil"));
}

TEST(Script, SetsVariablesThroughVars) {
  Bench bench;
  EXPECT_EQ(bench.message("vars.token = token .. '!' vars['a-b'] = 2 vars.none = nil vars.flag = false"), "");
  EXPECT_EQ(bench.plan.values["token"].text, "abc!");
  EXPECT_EQ(bench.plan.values["a-b"].number, 2);
  EXPECT_EQ(bench.plan.values["none"].type, Type::null);
  EXPECT_EQ(bench.plan.values["flag"].type, Type::boolean);
  EXPECT_EQ(bench.message("\ntoken = 'x'"),
            "line 2: 'token' is a variable of the plan; write vars.token = …, or local token = …");
  EXPECT_EQ(bench.message("vars.t = {}"),
            "line 1: a variable holds a text, number, boolean or nil, not a table; write a table with json.encode");
  EXPECT_EQ(bench.message("vars.locked = 1"), "line 1: 'locked' cannot be set; capture into another");
  EXPECT_THAT(bench.message("users.username = 'x'"), HasSubstr("fields of data cannot be set"));
}

TEST(Script, TellsTheLineOfAFailure) {
  Bench bench;
  const Status failed = bench.run("local a = 1\n\nlocal b = x.y\n");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "line 3: attempt to index a nil value (global 'x')");
  EXPECT_EQ(failed.error().kind, kScriptError);
  EXPECT_EQ(bench.message("local function f()\n  error('no stock')\nend\nf()"), "line 2: no stock");
  EXPECT_EQ(bench.message("\nerror({})"), "line 2: the script raised a value that is no text as an error");
  EXPECT_EQ(bench.message("error()"), "line 1: the script raised nil as an error");
  EXPECT_EQ(bench.message("local a = 'x' + 1"), "line 1: attempt to add a 'string' with a 'number'");
  EXPECT_EQ(bench.message("error('plain', 0)"), "line 1: plain");
}

TEST(Script, FailsAsItSays) {
  Bench bench;
  const Status failed = bench.run("pcall(function() fail('not logged in') end) log('still here')");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, kScriptFailed);
  EXPECT_EQ(failed.error().message, "not logged in");
  EXPECT_TRUE(bench.plan.logged.empty());
  EXPECT_EQ(bench.message("fail()"), "the script called fail()");
}

TEST(Script, DrawsFromTheIterationsRandom) {
  Bench one;
  Bench other;
  const std::string_view source = "log(random(), random(6), random(10, 20), math.random(100))";
  EXPECT_EQ(one.logs(source), other.logs(source));
  Random same(7);
  const double first = same.uniform();
  Bench bench;
  ASSERT_EQ(bench.message("vars.r = random()"), "");
  EXPECT_EQ(bench.plan.values["r"].number, first);
  EXPECT_EQ(bench.message("for i = 1, 1000 do local n = random(3, 5) assert(n >= 3 and n <= 5) end"), "");
  EXPECT_THAT(bench.message("random(0)"), HasSubstr("interval is empty"));
}

TEST(Script, KeepsGlobalsForTheIterationOnly) {
  Bench bench;
  Environment other;
  const Chunk write = *bench.interpreter.compile("seen = (seen or 0) + 1 function get() return seen end");
  const Chunk read = *bench.interpreter.compile("log(seen, get and get())");
  ASSERT_TRUE(bench.interpreter.run(write, bench.environment, bench.plan));
  ASSERT_TRUE(bench.interpreter.run(read, bench.environment, bench.plan));
  ASSERT_TRUE(bench.interpreter.run(read, other, bench.plan));
  // The same chunk for another iteration does not change what the first one's function sees.
  ASSERT_TRUE(bench.interpreter.run(write, other, bench.plan));
  ASSERT_TRUE(bench.interpreter.run(write, other, bench.plan));
  ASSERT_TRUE(bench.interpreter.run(read, bench.environment, bench.plan));
  ASSERT_TRUE(bench.interpreter.run(read, other, bench.plan));
  other.clear();
  ASSERT_TRUE(bench.interpreter.run(read, other, bench.plan));
  EXPECT_THAT(bench.plan.logged, ElementsAre("1\t1", "nil\tnil", "1\t1", "2\t2", "nil\tnil"));
}

TEST(Script, KeepsTheLibraryAsItIs) {
  Bench bench;
  for (const std::string_view source : {"string.rep = nil", "table.insert = 1", "math.pi = 3", "json.decode = nil",
                                        "table.insert(string, 1)", "setmetatable(string, {})", "setmetatable(vars, {})",
                                        "setmetatable(users, {})", "getmetatable('').__index = {}", "('').rep = 1"})
    EXPECT_NE(bench.message(source), "") << source;
  EXPECT_THAT(bench.logs("log(getmetatable(''), getmetatable(vars), rawget(string, 'rep'), ('ab'):rep(2))"),
              ElementsAre("false\tfalse\tnil\tabab"));
  EXPECT_THAT(bench.logs("string = nil log(string.rep('a', 2)) string = 5"), ElementsAre("aa"));
  Environment next;
  bench.environment = std::move(next);
  EXPECT_THAT(bench.logs("log(string.rep('a', 3))"), ElementsAre("aaa"));
}

TEST(Script, HasNothingThatReachesOutside) {
  Bench bench;
  for (const std::string name : {"os", "io", "load", "loadstring", "loadfile", "dofile", "require", "package", "debug",
                                 "coroutine", "collectgarbage", "rawset", "select", "_G", "string.dump", "string.pack",
                                 "math.randomseed", "table.foreach", "utf8.codes"})
    EXPECT_THAT(bench.logs("log(" + name + ")"), ElementsAre("nil")) << name;
  const Status failed = bench.run("os.execute('ls')");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "line 1: attempt to index a nil value (global 'os')");
  EXPECT_THAT(failed.error().cure, StartsWith("it is not available in scripts"));
}

TEST(Script, RefusesBytecodeAndWhatTheSandboxCannotBound) {
  EXPECT_EQ(check("\x1bLua")->message, "this is compiled Lua, not text");
  EXPECT_EQ(check("local x = 1\nlocal _ENV = {}")->line, 2u);
  EXPECT_EQ(check("local x = 1\nlocal _ENV = {}")->column, 7u);
  EXPECT_EQ(check("local function f(...) end")->message, "varargs (...) are not available in scripts");
  EXPECT_EQ(check(std::string(70'000, ' '))->message, "a script has at most 64 KiB");
  for (const std::string_view fine :
       {"log('wait...') -- and so on ...", "log(\"a\\\"...\")", "local s = [==[ ... _ENV ]] ]==]",
        "--[[ ...\n_ENV ]] log(1)", "log('a\\z\n  ...')", "log('a\\\n...')", "local my_ENV = 1",
        "local a = 'x' .. 'y'"})
    EXPECT_FALSE(check(fine)) << fine << ": " << check(fine)->message;
  for (const std::string_view refused :
       {"log('a') ...", "--[==[ ]] ]==] ...", "log('a\\\\') _ENV.x = 1", "x[ [[...]] ] = ..."})
    EXPECT_TRUE(check(refused)) << refused;
}

TEST(Script, TellsWhereAScriptDoesNotCompile) {
  const auto missing = check("if token then\n  log('x')\n");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->line, 3u);
  EXPECT_THAT(missing->message, StartsWith("'end' expected (to close 'if' at line 1)"));
  const auto near = check("local a = 1\nlocal b = = 2 x");
  ASSERT_TRUE(near);
  EXPECT_EQ(near->line, 2u);
  EXPECT_EQ(near->message, "unexpected symbol near '='");
  const auto sign = check("log('ü') if a != b then end");
  ASSERT_TRUE(sign);
  EXPECT_EQ(sign->column, 15u);
  EXPECT_EQ(sign->cure, "write not, or ~= for 'differs'");
  EXPECT_FALSE(check("return"));
  EXPECT_FALSE(check(""));
}

TEST(Script, RefusesMetamethodsThatRunBehindTheAccounts) {
  Bench bench;
  for (const std::string name : {"__gc", "__mode", "__close", "__metatable"})
    EXPECT_EQ(bench.message("setmetatable({}, {" + name + " = log})"),
              "line 1: " + name + " is not available in scripts");
  EXPECT_EQ(bench.message("setmetatable({}, {__index = type})"),
            "line 1: __index must be a function written in the script");
  // What is put into a metatable later is not looked at.
  EXPECT_THAT(
      bench.logs("local m = {} local t = setmetatable({}, m) m.__index = {a = 1} log(t.a, getmetatable(t) == m)"),
      ElementsAre("nil\ttrue"));
  EXPECT_THAT(bench.logs(R"lua(
    local Account = {} Account.__index = Account
    function Account.new(n) return setmetatable({n = n}, Account) end
    function Account:add(n) self.n = self.n + n return self end
    Account.__tostring = function(a) return "account" end
    log(Account.new(1):add(2).n))lua"),
              ElementsAre("3"));
  EXPECT_THAT(bench.message("local x <close> = setmetatable({}, {})"), HasSubstr("non-closable"));
}

TEST(Script, EndsEndlessLoops) {
  Bench bench({.instructions = 100'000});
  const Status failed = bench.run("local i = 0\nwhile true do\n  i = i + 1\nend");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, kScriptLimit);
  EXPECT_THAT(failed.error().message, StartsWith("line "));
  EXPECT_THAT(failed.error().message, HasSubstr("the script did not end within 100,000 instructions"));
  for (const std::string_view source :
       {"while true do end", "repeat until false", "::a:: goto a", "local function f() return f() end f()",
        "for i = 1, 1e18 do end", "while true do pcall(error) end", "local s = '' while true do s = s .. 'x' end"})
    EXPECT_EQ(bench.kind(source), kScriptLimit) << source;
  EXPECT_EQ(bench.message("log('on')"), "");
}

TEST(Script, LetsNothingRunOnceTheBudgetIsSpent) {
  Bench bench({.instructions = 50'000});
  for (const std::string_view source : {"pcall(function() while true do end end) log('on')",
                                        "xpcall(function() while true do end end, function() log('on') end) log('on')",
                                        "while true do pcall(function() while true do end end) end",
                                        "local ok = pcall(pcall, function() while true do end end) log('on')",
                                        "local t = setmetatable({}, {__index = function() while true do end end}) "
                                        "pcall(function() return t.x end) log('on')",
                                        "pcall(string.gsub, 'x', 'x', function() while true do end end) log('on')",
                                        "pcall(table.sort, {3,2,1}, function() while true do end end) log('on')",
                                        "pcall(function() fail('x') end) log('on')"})
    EXPECT_FALSE(bench.run(source)) << source;
  EXPECT_TRUE(bench.plan.logged.empty());
}

TEST(Script, RefusesMoreMemoryThanItsShare) {
  Bench bench({.memory_bytes = 1 << 20});
  for (const std::string_view source :
       {"local s = string.rep('x', 1e9)", "local s = ('x'):rep(1 << 40)", "local s = string.rep('ab', 1e6, 'sep')",
        "local t = {} for i = 1, 1e6 do t[i] = {i} end", "local s = 'x' for i = 1, 60 do s = s .. s end",
        "pcall(function() local t = {} for i = 1, 1e6 do t[i] = {} end end) log('on')",
        "local t = {} for i = 1, 40 do t[i] = ('x'):rep(1e5) .. i end",
        "local function f(n) return 1 + f(n + 1) end f(1)"})
    EXPECT_EQ(bench.kind(source), kScriptLimit) << source << ": " << bench.message(source);
  EXPECT_TRUE(bench.plan.logged.empty());
  EXPECT_EQ(bench.message("local t = {} for i = 1, 1000 do t[i] = i end log(#t)"), "");
  const Status failed = bench.run("x = 1\nlocal s = string.rep('x', 1e9)");
  EXPECT_EQ(failed.error().message, "line 2: the script needs more than 1.00 MiB of memory");
}

TEST(Script, GivesMemoryBackWhenIterationsEnd) {
  Bench bench({.memory_bytes = 4 << 20, .total_bytes = 8 << 20});
  const Chunk chunk = *bench.interpreter.compile("kept = ('x'):rep(1000000)");
  for (int i = 0; i < 100; ++i) {
    Environment iteration;
    ASSERT_TRUE(bench.interpreter.run(chunk, iteration, bench.plan)) << i;
  }
  std::vector<Environment> all(20);
  bool refused = false;
  for (Environment& each : all)
    refused = refused || !bench.interpreter.run(chunk, each, bench.plan);
  EXPECT_TRUE(refused);
  all.clear();
  EXPECT_TRUE(bench.interpreter.run(chunk, bench.environment, bench.plan));
}

TEST(Script, ChargesLibraryFunctionsForTheirWork) {
  Bench bench({.instructions = 1'000'000});
  for (const std::string_view source :
       {// Nothing repeated a lot of times is nothing.
        "local s = string.rep('a', 20) local n = 0 while true do n = n + #(s:rep(10000)) end",
        "local s = ('a'):rep(30) .. 'b' return s:find('.-.-.-.-.-.-.-.-.-.-c')",
        "local s = ('a'):rep(5000) return s:match('(.-)(.-)(.-)(.-)b')", "return (('a'):rep(20000)):find('a*a*a*a*b')",
        "local s = ('a'):rep(100000) for i = 1, 1e6 do s:find(('a'):rep(5000) .. 'b', 1, true) end",
        "local s = ('('):rep(50000) for i = 1, 1000 do s:find('%b()', i) end",
        "return (('x'):rep(100000)):gsub('.-.-.-y', '')",
        "local s = ('a'):rep(1000000) for i = 1, 1e6 do local t = s:upper() end",
        "local s = ('a'):rep(1000000) local t = s .. 'x' for i = 1, 1e6 do local b = s .. 'y' == t end",
        "return table.concat(setmetatable({}, {__len = function() return 1 << 60 end}), '')",
        "return table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), 1, 2)",
        "return table.move({}, 1, 1 << 60, 2)",
        "return table.sort(setmetatable({}, {__len = function() return 1 << 30 end}))",
        "local t = {} for i = 1, 1e5 do t[i] = i end for i = 1, 1e5 do t[i] = nil end while true do next(t) end",
        "for i = 1, 1e6 do json.decode('[' .. ('1,'):rep(1000) .. '1]') end",
        "local t = {} for i = 1, 1000 do t[i] = i end while true do json.encode(t) end"})
    EXPECT_EQ(bench.kind(source), kScriptLimit) << source << ": " << bench.message(source);
  EXPECT_EQ(bench.message("log(#string.rep('', 1 << 62))"), "");
  EXPECT_THAT(bench.message("table.sort({2, 1}, rawequal)"), HasSubstr("write the comparison as a function"));
  EXPECT_THAT(bench.message("return table.unpack({}, 1, 1 << 60)"), HasSubstr("at most 250"));
  EXPECT_THAT(bench.message("return (('x'):rep(1000)):byte(1, -1)"), HasSubstr("at most 250"));
}

TEST(Script, BearsDeepNestingAndRecursion) {
  Bench bench;
  EXPECT_NE(bench.message("local x = " + std::string(10'000, '(') + "1" + std::string(10'000, ')')), "");
  EXPECT_NE(bench.message("local x = " + std::string(10'000, '{') + std::string(10'000, '}')), "");
  EXPECT_NE(bench.message(std::string(20'000, '-') + "\nlocal x = " + std::string(10'000, '-') + "1 x()"), "");
  EXPECT_NE(bench.message("local function f() return pcall(f) end local t = {f()} error(t[2] and 'x' or 'y')"), "");
  EXPECT_NE(bench.message("local t = setmetatable({}, {}) local function f(s) return s:gsub('.', f) end f('x')"), "");
  EXPECT_NE(bench.message("local function f() error(setmetatable({}, {__tostring = f})) end f()"), "");
  EXPECT_NE(bench.message("return ('x'):find(('('):rep(40))"), "");
  EXPECT_NE(bench.message("return ('x'):rep(500):find(('x?'):rep(500) .. 'y')"), "");
  EXPECT_EQ(bench.message("log('on')"), "");
}

// The values as the lua5.4 program gives them.
TEST(Script, MatchesPatternsAsLuaDoes) {
  Bench bench;
  EXPECT_THAT(
      bench.logs(R"lua(
    log(("hello world"):find("o w"))
    log(("hello world"):find("(o)(%s)"))
    log(("hello"):find("l+"))
    log(("a.b"):find(".", 1, true))
    log(("hello"):find("", 10), ("hello"):find("", 6))
    log(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
    log(("  trim  "):match("^%s*(.-)%s*$") .. "|")
    log(("THE (quick) fox"):find("%((%a+)%)"))
    log(("f(a(b)c)d"):match("%b()"))
    log(("THE (quick) fox"):gsub("%f[%a]%a+", string.lower))
    log(("abc"):gsub("%w", "%0%0"), ("abc"):gsub("", "-"))
    log(("hello world"):gsub("o", "0", 1))
    log(("$name is $age"):gsub("%$(%w+)", {name = "Anna", age = 7}))
    log(("abc"):gsub("b", function() return false end))
    log(("abc"):match("()b()"))
    log(("aXb"):match("[^%l]"), ("a-b"):match("[a%-]+"), ("a]b"):match("[]]"), ("x^"):match("[x^]+"))
    log(("baac"):gsub("a*", "x"))
    log(("abab"):match("(ab)%1"), ("0123"):match("[1-3]+"), ("é"):len())
    for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do log(k, v) end
    for w in ("one two"):gmatch("%a+") do log(w) end
    log(("x"):rep(3, ","), ("abc"):byte(1, -1), ("abc"):sub(-2), ("%d"):format(3.0))
  )lua"),
      ElementsAre("5\t7", "5\t6\to\t ", "3\t4", "2\t2", "nil\t6\t5", "key\tvalue", "trim|", "5\t11\tquick", "(a(b)c)",
                  "the (quick) fox\t3", "aabbcc\t-a-b-c-\t4", "hell0 world\t1", "Anna is 7\t2", "abc\t1", "2\t3",
                  "X\ta-\t]\tx^", "xbxcx\t3", "ab\t123\t2", "a\t1", "b\t2", "one", "two", "x,x,x\t97\tbc\t3"));
  EXPECT_THAT(bench.message("return ('x'):find('[x')"), HasSubstr("malformed pattern (missing ']')"));
  EXPECT_THAT(bench.message("return ('x'):find('%')"), HasSubstr("malformed pattern (ends with '%')"));
  EXPECT_THAT(bench.message("return ('x'):find('(x')"), HasSubstr("unfinished capture"));
  EXPECT_THAT(bench.message("return ('x'):match('x)')"), HasSubstr("invalid pattern capture"));
  EXPECT_THAT(bench.message("return ('x'):gsub('x', '%2')"), HasSubstr("invalid capture index"));
}

TEST(Script, ReadsAndWritesJson) {
  Bench bench;
  EXPECT_THAT(bench.logs(R"lua(
    local v = json.decode('{"a": [1, 2.5, "x\\u00e9\\ud83d\\ude00\\n"], "b": {"c": true, "d": null}, "e": -0.5e1}')
    log(v.a[1], v.a[2], v.a[3], v.b.c, v.b.d, v.e, #v.a)
    log(json.encode({b = 1, a = {1, 2, {}}, c = "q\"\n", [5] = true, d = 1.5}))
    log(json.encode("x"), json.encode({}), json.encode(nil), json.encode(2^53), json.encode(false))
    log(json.encode(json.decode('[1,[2,{"x":[]}]]'))))lua"),
              ElementsAre("1\t2.5\tx\xc3\xa9\xf0\x9f\x98\x80\n\ttrue\tnil\t-5.0\t3",
                          R"({"5":true,"a":[1,2,{}],"b":1,"c":"q\"\n","d":1.5})",
                          "\"x\"\t{}\tnull\t9007199254740992\tfalse", R"([1,[2,{"x":{}}]])"));
  for (const std::string_view text :
       {"", "{", "[1,]", "{\"a\"}", "01", "1.", "\"a", "\"\\q\"", "nul", "[1] 2", "+1", "{a:1}", "\"\\u12\""})
    EXPECT_THAT(bench.message("json.decode([=[" + std::string(text) + "]=])"), HasSubstr("json.decode: ")) << text;
  EXPECT_THAT(bench.message("json.decode(('['):rep(100))"), HasSubstr("nested more than 64 deep"));
  EXPECT_THAT(bench.message("local t = {} t.t = t json.encode(t)"), HasSubstr("within itself"));
  EXPECT_THAT(bench.message("json.encode(log)"), HasSubstr("a function has no JSON"));
  EXPECT_THAT(bench.message("json.encode(0/0)"), HasSubstr("this number has no JSON"));
}

TEST(Script, CallsProtected) {
  Bench bench;
  EXPECT_THAT(bench.logs(R"lua(
    log(pcall(function(a, b) return a + b end, 1, 2))
    log(pcall(error, "x", 0))
    log(xpcall(function(a) return a * 2 end, log, 4))
    log(xpcall(function() error("y", 0) end, function(m) return m .. "!" end))
    log(select == nil, #table.pack(1, 2, 3), table.unpack({1, 2, 3})))lua"),
              ElementsAre("true\t3", "false\tx", "true\t8", "false\ty!", "true\t3\t1\t2\t3"));
}

TEST(Script, OutlivesItsInterpreter) {
  Plan plan;
  Environment kept;
  {
    Interpreter interpreter;
    const Chunk chunk = *interpreter.compile("x = 1");
    ASSERT_TRUE(interpreter.run(chunk, kept, plan));
  }
  Interpreter other;
  const Chunk chunk = *other.compile("log(x)");
  ASSERT_TRUE(other.run(chunk, kept, plan));
  EXPECT_THAT(plan.logged, ElementsAre("nil"));
}

}  // namespace
}  // namespace vajrapulse::script
