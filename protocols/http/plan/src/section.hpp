#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/document/node.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/http_plan/http_plan.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::http_plan {

/// Who keeps the cookies that servers set.
enum class Cookies : std::uint8_t { iteration, user, none };

/// The section `http:` as it was read; templates are still nodes, for each task to compile.
struct Section {
  std::optional<document::Node> base_url;
  std::optional<document::Node> headers;
  std::optional<document::Node> auth;
  Cookies cookies = Cookies::iteration;
  http::ClientSettings client;
};

schema::DescriptionPtr section_description();
/// Fills `into` as far as it goes; reports what is wrong and then gives false.
bool read_section(const document::Node& node, const Files& files, schema::Reading& reading, Section& into);

// Shapes that steps have, too.
schema::DescriptionPtr headers_description();
schema::DescriptionPtr auth_description();

}  // namespace vajrapulse::http_plan
