#include "state.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace vajrapulse::script {
namespace {

constexpr std::uint64_t kTick = 1'000;
/// Bytes that cost as much as one instruction.
constexpr std::size_t kBytesAllocated = 64;
constexpr std::size_t kTextBytes = 16 << 10;
constexpr std::size_t kOtherBytes = 256 << 10;

void release(State& state, void* block, std::size_t bytes) {
  if (bytes >= LargeBlocks::kLarge) state.large.remove(block);
  state.used -= bytes;
  std::free(block);
}

/// Lua's allocator: what is beyond the limits is refused, which Lua turns into an error. `kind_or_bytes` is the kind of
/// object when the block is new.
void* allocate(void* self, void* block, std::size_t kind_or_bytes, std::size_t bytes) {
  auto& state = *static_cast<State*>(self);
  const std::size_t before = block == nullptr ? 0 : kind_or_bytes;
  if (bytes == 0) {
    if (block != nullptr) release(state, block, before);
    return nullptr;
  }
  const bool grows = bytes > before;
  if (grows && state.running) {
    if (!state.take(1 + bytes / kBytesAllocated)) return nullptr;
    if (state.used + (bytes - before) > state.allowed) return nullptr;
  }
  void* moved = std::realloc(block, bytes);
  if (moved == nullptr) return nullptr;
  if (before >= LargeBlocks::kLarge) state.large.remove(block);
  if (bytes >= LargeBlocks::kLarge)
    state.large.add(
        moved, bytes, state.owner,
        block == nullptr && kind_or_bytes == LUA_TSTRING ? LargeBlocks::Kind::text : LargeBlocks::Kind::other);
  state.used = state.used - before + bytes;
  return moved;
}

std::uint64_t tick(const State& state) { return std::clamp<std::uint64_t>(state.limits.instructions, 1, kTick); }

/// Every so many instructions; every single one once the run is spent.
void count(lua_State* lua, lua_Debug*) {
  State& state = State::of(lua);
  if (!state.running) return;
  state.charge(tick(state) * state.large.weight(state.owner));
}

}  // namespace

void LargeBlocks::add(const void* at, std::size_t bytes, std::uint64_t owner, Kind kind) {
  blocks_.push_back({at, bytes, owner, kind});
}

void LargeBlocks::remove(const void* at) {
  const auto found = std::ranges::find(blocks_, at, &Block::at);
  if (found == blocks_.end()) return;
  *found = blocks_.back();
  blocks_.pop_back();
}

std::size_t LargeBlocks::heaviest(std::uint64_t owner) const noexcept {
  std::size_t heaviest = 0;
  for (const Block& block : blocks_)
    if (block.owner == owner) heaviest = std::max(heaviest, block.bytes);
  return heaviest;
}

std::uint64_t LargeBlocks::weight(std::uint64_t owner) const noexcept {
  std::uint64_t heaviest = 0;
  for (const Block& block : blocks_)
    if (block.owner == owner)
      heaviest = std::max<std::uint64_t>(heaviest, block.bytes / (block.kind == Kind::text ? kTextBytes : kOtherBytes));
  return 1 + heaviest;
}

State::State(const Limits& given) : limits(given) {
  lua = lua_newstate(allocate, this);
  if (lua == nullptr) return;
  *static_cast<State**>(lua_getextraspace(lua)) = this;
}

State::~State() {
  running = false;
  if (lua != nullptr) lua_close(lua);
}

void State::begin(std::uint64_t environment, Surroundings* around) {
  work = 0;
  owner = environment;
  surroundings = around;
  spent = Spent::no;
  failed_line = 0;
  failure.clear();
  allowed = std::min(used + limits.memory_bytes, std::max(limits.total_bytes, limits.memory_bytes));
  running = true;
  lua_sethook(lua, count, LUA_MASKCOUNT, int(tick(*this)));
}

void State::end() noexcept {
  running = false;
  surroundings = nullptr;
  lua_sethook(lua, nullptr, 0, 0);
}

bool State::take(std::uint64_t instructions) noexcept {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 2;
  work += std::min(instructions, most - std::min(work, most));
  if (work <= limits.instructions && spent == Spent::no) return true;
  if (spent == Spent::no) {
    spent = Spent::instructions;
    failed_line = line();
    lua_sethook(lua, count, LUA_MASKCOUNT, 1);
  }
  return false;
}

void State::charge(std::uint64_t instructions) {
  if (!take(instructions)) spend(Spent::instructions);
}

void State::spend(Spent why) {
  if (spent == Spent::no) {
    spent = why;
    failed_line = line();
    lua_sethook(lua, count, LUA_MASKCOUNT, 1);
  }
  lua_pushnil(lua);
  lua_error(lua);
  std::abort();  // lua_error does not return
}

void State::stop_if_spent() {
  if (spent != Spent::no) spend(spent);
}

int State::line() const {
  lua_Debug frame{};
  for (int level = 0; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "l", &frame);
    if (frame.currentline > 0) return frame.currentline;
  }
  return 0;
}

std::string_view text_argument(lua_State* lua, int index) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(lua, index, &size);
  return {text, size};
}

}  // namespace vajrapulse::script
