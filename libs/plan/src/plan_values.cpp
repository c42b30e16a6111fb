#include "plan_values.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mistakes.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/template.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;

/// A plain `10` or `true` keeps its type; whatever is in quotes is a text.
criteria::Type type_of(const Node& node) {
  if (!node.is_plain()) return criteria::Type::text;
  if (node.text == "true" || node.text == "false") return criteria::Type::boolean;
  double number = 0;
  const auto [end, error] = std::from_chars(node.text.data(), node.text.data() + node.text.size(), number);
  const bool whole = error == std::errc() && end == node.text.data() + node.text.size();
  return whole ? criteria::Type::number : criteria::Type::text;
}

std::string trimmed(std::string text) {
  text.resize(std::min(text.find('\n'), text.size()));
  while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

}  // namespace

void PlanValues::take_variables(const Node& plan, const PlanRequest& request, document::Diagnostics& found) {
  const Node* section = plan.find("variables");
  std::vector<std::string> names;
  std::map<std::string, std::string, std::less<>> given;
  for (const auto& [name, value] : request.variables)
    given[name] = value;
  if (section && section->kind == Node::Kind::map) {
    for (const document::Entry& entry : section->entries) {
      names.push_back(entry.key);
      if (const auto said = given.find(entry.key); said != given.end()) {
        variables_[entry.key] = {said->second, criteria::Type::any};
        continue;
      }
      auto text = entry.value.kind == Node::Kind::scalar ? filled(entry.value, found) : std::nullopt;
      if (text) {
        variables_[entry.key] = {std::move(*text), type_of(entry.value)};
      } else {  // no text: the plan's table of types says what is wrong
        doubted_.push_back(entry.key);
      }
    }
  }
  for (const auto& [name, value] : request.variables) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const auto near = nearest(name, names);
    found.error({std::make_shared<const document::Source>("--var " + name, name + "=" + value), 1, 1, name.size()},
                "the plan has no variable '" + name + "'",
                near ? "did you mean '" + *near + "'?" : "add it under variables: with a value to fall back on");
  }
}

void PlanValues::take_secrets(const std::vector<Named<SecretPlan>>& secrets, const PlanRequest& request,
                              document::Diagnostics& found) {
  secrets_taken_ = true;
  for (const Named<SecretPlan>& named : secrets) {
    const SecretPlan& secret = named.value;
    const auto wrong = [&](const std::string& message, const std::string& cure) {
      found.error(secret.place, "secret '" + named.key.value + "': " + message, cure);
      doubted_.push_back("secret." + named.key.value);
    };
    if (secret.environment) {
      const auto value = request.config.environment ? request.config.environment(*secret.environment) : std::nullopt;
      if (value) {
        secrets_[named.key.value] = *value;
      } else {
        wrong("the environment has no " + *secret.environment, "set it: export " + *secret.environment + "=…");
      }
    } else if (secret.file) {
      const auto file = request.access->find(secret.file->value, document::folder_of(request.config.plan));
      if (!file) {
        wrong(file.error().message, file.error().cure);
        continue;
      }
      auto text = request.access->files().read(file->resolved, 65'536);
      if (text) {
        secrets_[named.key.value] = trimmed(std::move(*text));
      } else {
        wrong(text.error().message, text.error().cure);
      }
    } else if (secret.command) {
      if (!request.run_command) {
        wrong("a plan may run no command", "allow it with --allow-command if you trust this plan");
        continue;
      }
      auto text = request.run_command(secret.command->value);
      if (text) {
        secrets_[named.key.value] = trimmed(std::move(*text));
      } else {
        wrong(text.error().message, text.error().cure);
      }
    }
  }
}

void PlanValues::put_into(Vocabulary& vocabulary) const {
  for (const auto& [name, variable] : variables_)
    vocabulary.constant(name, variable.value,
                        variable.type == criteria::Type::any ? criteria::Type::text : variable.type);
  for (const auto& [name, value] : secrets_)
    vocabulary.secret(name, value);
  for (const std::string& name : doubted_)
    vocabulary.doubt(name);
}

std::optional<std::string> PlanValues::filled(const Node& scalar, document::Diagnostics& found) const {
  if (scalar.text.find("{{") == std::string::npos) return scalar.text;
  if (!secrets_taken_ && scalar.text.find("{{secret.") != std::string::npos) {
    found.error(scalar.place, "a secret cannot stand here", "use it under http: and in tasks, where things are sent");
    return std::nullopt;
  }
  Vocabulary vocabulary;
  put_into(vocabulary);
  auto read = Template::compile(scalar.text, vocabulary);
  if (!read) {
    for (const criteria::Mistake& mistake : read.error())
      found.error(place_of(scalar, mistake), mistake.message, mistake.cure);
    return std::nullopt;
  }
  if (read->constant()) return read->text();
  if (!doubted_.empty()) return std::nullopt;  // it may be one of those
  found.error(scalar.place, "'" + scalar.text + "' has to be known before the run",
              "use variables of the plan alone: what iterations set, and functions, come too late here");
  return std::nullopt;
}

}  // namespace vajrapulse::plan
