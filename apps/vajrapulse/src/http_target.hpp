#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/base/error.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::commands {

/// What `vajrapulse http` requests and how it connects, for other commands that load the same.
class HttpTarget {
 public:
  HttpTarget();
  ~HttpTarget();

  /// Declares URLs and the groups "Request" and "Connection".
  void declare(CLI::App& command);

  struct Job {
    std::string name;  ///< "GET http://127.0.0.1:8080/"
    NamedTask task;
    std::size_t most_shards = std::numeric_limits<std::size_t>::max();
    std::string most_shards_why;
  };
  /// Checks what was given.
  [[nodiscard]] Expected<Job> job() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::commands
