#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace vajrapulse::extract {

/// One body after another, as Finders look at it. Nothing is parsed until a Finder asks, and what one Finder has had
/// parsed serves the next: several JSONPaths of one body index it once. Owns the parsers and their memory, which are
/// used again. One of it a shard; one thread.
class Reader {
 public:
  /// Bodies beyond are refused (Reason::too_much), so that none can fill the memory or hold a shard up.
  static constexpr std::size_t kMostJson = 64 << 20;
  static constexpr std::size_t kMostXml = 8 << 20;
  static constexpr std::size_t kMostHtml = 4 << 20;

  Reader();
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  /// Looks at another body from now on; it must stay as it is until the next one. `readable` is how many bytes from
  /// its start may be read (a buffer's capacity): with 64 more than it has, JSON is read where it stands, else from a
  /// copy in a buffer that is kept.
  void read(std::string_view body, std::size_t readable = 0);
  void read(const std::string& body) { read(body, body.capacity()); }
  void read(const char* body) { read(std::string_view(body)); }

  [[nodiscard]] std::string_view body() const noexcept;

  struct Parts;
  /// For Finders: what has been parsed of the body.
  [[nodiscard]] Parts& parts() noexcept { return *parts_; }

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace vajrapulse::extract
