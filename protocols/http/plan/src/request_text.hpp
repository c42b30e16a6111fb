#pragma once

#include <optional>
#include <string>
#include <vector>

#include "body_text.hpp"
#include "section.hpp"
#include "step_shape.hpp"
#include "vajrapulse/http/request.hpp"
#include "vajrapulse/plan/compiler.hpp"

namespace vajrapulse::http_plan {

/// The value of a header that each sending renders.
struct HeaderText {
  enum class Kind : std::uint8_t { text, basic };
  Kind kind = Kind::text;
  plan::Template text;
  plan::Template password;  ///< of basic, whose user is `text`

  Status render(plan::Moment& moment, std::string& out) const;
};

/// A request of a plan: what of it is constant, and the templates for the rest.
struct RequestText {
  http::Request request;
  http::Varies varies;
  BodyText url;                     ///< when `varies.url`
  std::string base;                 ///< the origin for what turns out to be relative, when all of the URL varies
  std::vector<HeaderText> headers;  ///< in the order of `varies.headers`
  BodyText body;                    ///< when `varies.body`
};

/// Nothing when anything was wrong, which has been reported.
std::optional<RequestText> compile_request(const StepText& step, const Section& section, const Files& files,
                                           plan::Compiler& compiler);

}  // namespace vajrapulse::http_plan
