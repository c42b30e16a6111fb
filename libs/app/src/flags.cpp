#include "flags.hpp"

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::app {
namespace {

/// No figure has a name where a plain share is asked for.
class NoNames : public criteria::Names {
 public:
  Expected<criteria::Binding> bind(const criteria::Reference& reference) override {
    return fail(kUsage, "'" + std::string(reference.name) + "' is no share", "give for example 2%");
  }
};
class NoValues : public criteria::Values {
 public:
  [[nodiscard]] criteria::Value at(std::uint32_t /*slot*/) const override { return criteria::Value::null(); }
};

}  // namespace

Expected<double> rate_flag(const char* flag, const std::string& text) {
  auto rate = parse_rate(text);
  const std::string given = std::string(flag) + " " + text;
  if (!rate) return fail(kUsage, given + ": " + rate.error().message, rate.error().cure);
  if (*rate <= 0 || double(*rate) > kMostRate * 1e6)
    return fail(kUsage, given + " is out of range",
                std::string("give a rate above 0 and up to 1000000000, for example ") + flag + " 1000");
  return double(*rate) * 1e-6;
}

Expected<double> share_flag(const char* flag, const std::string& text) {
  NoNames names;
  const std::string given = std::string(flag) + " " + text;
  const auto share = criteria::Expression::compile(text, names);
  if (!share) return fail(kUsage, given + ": " + share.error().message, share.error().cure);
  const criteria::Value value = share->evaluate(NoValues{});
  const bool fits = value.type == criteria::Type::share || value.type == criteria::Type::number;
  if (!fits || value.number < 0 || value.number > 1)
    return fail(kUsage, given + " is no share", std::string("give 0% to 100%, for example ") + flag + " 2%");
  return value.number;
}

Expected<Duration> time_flag(const char* flag, const std::string& text, Duration least, const char* example) {
  auto value = parse_duration(text);
  const std::string given = std::string(flag) + " " + text;
  if (!value) return fail(kUsage, given + ": " + value.error().message, value.error().cure);
  if (*value < least || *value > kLongest)
    return fail(kUsage, given + " is out of range",
                "give " + format_exact(least) + " to 366 days, for example " + flag + " " + example);
  return *value;
}

}  // namespace vajrapulse::app
