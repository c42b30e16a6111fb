#pragma once

#include <optional>
#include <string>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/document/node.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::http_plan {

/// An `http` step as it was read; what may hold placeholders is still a node. Null: not said.
struct StepText {
  const document::Node* line = nullptr;
  const document::Node* name = nullptr;
  const document::Node* query = nullptr;
  const document::Node* headers = nullptr;
  const document::Node* auth = nullptr;
  const document::Node* json = nullptr;
  const document::Node* form = nullptr;
  const document::Node* multipart = nullptr;
  const document::Node* file = nullptr;
  const document::Node* body = nullptr;
  const document::Node* expect = nullptr;
  const document::Node* capture = nullptr;
  std::optional<Duration> timeout;
  std::optional<int> redirects;
  const document::Node* on_failure = nullptr;  ///< the compiler reads it
};

/// One object for the process.
const schema::Shape<StepText>& step_shape();

}  // namespace vajrapulse::http_plan
