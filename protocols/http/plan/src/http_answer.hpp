#pragma once

#include "vajrapulse/http/cookie_jar.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/http/response.hpp"
#include "vajrapulse/plan/answer.hpp"

namespace vajrapulse::http_plan {

/// A response as `expect` and `capture` look at it.
class HttpAnswer final : public plan::Answer {
 public:
  explicit HttpAnswer(const http::Response& response) : response_(response) {}

  [[nodiscard]] std::uint32_t status() const override { return static_cast<std::uint32_t>(response_.status()); }
  [[nodiscard]] std::uint64_t size() const override { return response_.body_bytes(); }
  [[nodiscard]] Duration time() const override { return response_.total(); }
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name, std::size_t nth) const override {
    std::optional<std::string_view> found;
    each_field(name, [&](std::string_view value) {
      if (nth-- == 0) found = value;
      return !found;
    });
    return found;
  }
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const override {
    std::optional<std::string_view> found;
    each_field("set-cookie", [&](std::string_view value) {
      const auto cookie = http::parse_set_cookie(value);
      if (cookie && cookie->name == name) found = cookie->value;
      return true;  // the last one counts
    });
    return found;
  }
  [[nodiscard]] std::string_view body() const override { return response_.body(); }

 private:
  template <class F>
  void each_field(std::string_view name, F each) const {
    http::FieldRange fields(response_.head());
    http::Field field;
    while (fields.next(field)) {
      if (http::same_text(field.name, name) && !each(field.value)) return;
    }
  }

  const http::Response& response_;
};

}  // namespace vajrapulse::http_plan
