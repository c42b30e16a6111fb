#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/document/node.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/plan/plan_shape.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::http_plan {

/// How files that a plan names are reached; whoever makes these decides which may be.
struct Files {
  /// The bytes of a file, by its path as the plan has it.
  std::function<Expected<std::string>(std::string_view path)> read;
  /// Where it is, for what is opened by others: certificates.
  std::function<Expected<std::string>(std::string_view path)> locate;
};

/// HTTP in plans: the section `http:` and the step `http: GET /items/{{id}}`.
///
///   http: { base-url: "http://127.0.0.1:8080", timeout: 5s, headers: { accept: application/json } }
///   …
///     - http: POST /login
///       json: { user: "{{users.username}}", password: "{{users.password}}" }
///       expect: { status: 200 }
///       capture: { token: $.token }
///
/// All http steps of a shard, whatever their task, share one client and its connections. A request that fails is a
/// failed step: by the rule of `fail-on` (status 400 and above), or by `expect: {status: …}`, which takes its place.
/// Requests are recorded under their `name`, else under method and path as written ("GET /items/{{id}}").
///
/// Example:
///   HttpPlan http({.read = read_inside_the_folder});
///   const auto shape = plan::plan_shape({http.protocol()});
///   …
///   http.configure(section, reading);   // the plan's section, or null; before any step is compiled
class HttpPlan {
 public:
  explicit HttpPlan(Files files = {});

  /// What the plan's table of types needs. The steps' kinds may be used as long as the process lives.
  [[nodiscard]] plan::Protocol protocol() const;
  /// Takes over the plan's section; null: there is none. Reports what is wrong and then gives false.
  bool configure(const document::Node* section, schema::Reading& reading);
  /// The settings that the section came to.
  [[nodiscard]] const http::ClientSettings& settings() const noexcept;

  struct Shared;

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace vajrapulse::http_plan
