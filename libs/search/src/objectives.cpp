#include "vajrapulse/search/objectives.hpp"

namespace vajrapulse::search {

Expected<Objectives> Objectives::compile(const std::vector<std::string>& texts) {
  Objectives objectives;
  objectives.names_ = std::make_shared<criteria::RunNames>(criteria::RunNames::Model::open);
  for (const std::string& text : texts) {
    auto expression = criteria::Expression::compile(text, *objectives.names_, criteria::Wanted::condition);
    if (!expression) {
      const Error error = expression.error().error();
      return fail(kUsage, "'" + text + "': " + error.message, error.cure);
    }
    if (expression->uses().empty())
      return fail(kUsage, "'" + text + "' is the same at every rate", "name a figure, for example 'p99 < 50ms'");
    objectives.expressions_.push_back(std::move(*expression));
  }
  return objectives;
}

std::vector<std::optional<double>> Objectives::margins(const criteria::RunView& view) const {
  const criteria::RunValues values(*names_, view);
  std::vector<std::optional<double>> margins;
  for (const criteria::Expression& expression : expressions_)
    margins.push_back(expression.margin(values));
  return margins;
}

criteria::AssertionOutcome Objectives::judge(std::size_t index, const criteria::RunView& view) const {
  return criteria::judge(expressions_[index], criteria::RunValues(*names_, view));
}

}  // namespace vajrapulse::search
