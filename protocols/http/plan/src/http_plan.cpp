#include "vajrapulse/http_plan/http_plan.hpp"

#include <utility>

#include "http_step.hpp"
#include "section.hpp"
#include "shared.hpp"

namespace vajrapulse::http_plan {

HttpPlan::HttpPlan(Files files) : shared_(std::make_shared<Shared>()) { shared_->files = std::move(files); }

plan::Protocol HttpPlan::protocol() const {
  return {.section = "http",
          .about = "How requests are sent, for all http steps.",
          .settings = section_description(),
          .steps = {http_step(shared_)}};
}

bool HttpPlan::configure(const document::Node* section, schema::Reading& reading) {
  shared_->section = Section{};
  if (!section || section->kind == document::Node::Kind::null) return true;
  return read_section(*section, shared_->files, reading, shared_->section);
}

const http::ClientSettings& HttpPlan::settings() const noexcept { return shared_->section.client; }

}  // namespace vajrapulse::http_plan
