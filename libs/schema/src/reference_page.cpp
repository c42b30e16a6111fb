#include "vajrapulse/schema/reference_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "page_words.hpp"
#include "words.hpp"

namespace vajrapulse::schema {
namespace {

using Kind = Description::Kind;

/// What has a table of its own.
bool has_section(const Description& description) {
  return description.kind == Kind::object || description.kind == Kind::keyed;
}

/// All that have a table, the root first, then as they are met.
class Sections {
 public:
  explicit Sections(const DescriptionPtr& root) {
    visit(root);
    for (std::size_t i = 0; i < found_.size(); ++i)
      visit_parts(*DescriptionPtr(found_[i]));
  }
  [[nodiscard]] const std::vector<DescriptionPtr>& all() const { return found_; }

 private:
  void visit(const DescriptionPtr& description) {
    if (description->kind == Kind::reference && !references_.insert(description->name).second) return;
    const DescriptionPtr target = resolved(description);
    if (!seen_.insert(target.get()).second) return;
    if (has_section(*target))
      found_.push_back(target);
    else
      visit_parts(*target);
    kept_.push_back(target);
  }

  void visit_parts(const Description& description) {
    if (description.of) visit(description.of);
    for (const Field& field : description.fields)
      visit(field.shape);
    for (const DescriptionPtr& form : description.forms)
      visit(form);
    for (const Alternative& alternative : description.alternatives)
      visit(alternative.shape);
  }

  std::vector<DescriptionPtr> found_;
  std::vector<DescriptionPtr> kept_;
  std::set<const Description*> seen_;
  std::set<std::string> references_;
};

std::string in_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

/// Several kinds of a thing share a table of kinds, and one of them may have the thing's own name: "steps", "scenario".
std::string heading(const Description& description) {
  return description.kind == Kind::keyed ? plural(description) : description.name;
}

std::string link(std::string_view words, const Description& to) {
  return fmt::format("[{}](#{})", words, as_kebab(heading(to)));
}

std::string type_of(const Description& description);

/// What is linked to for a description: itself, or the first of its forms that has a table.
const Description* linked(const Description& description) {
  if (has_section(description)) return &description;
  const auto form = std::ranges::find_if(description.forms, [](const auto& each) { return has_section(*each); });
  return form == description.forms.end() ? nullptr : form->get();
}

/// "[scenarios](#scenarios)"
std::string types_of(const Description& description) {
  const DescriptionPtr target =
      description.kind == Kind::reference ? resolved(description.target()) : borrowed(description);
  const Description* to = linked(*target);
  return to ? link(plural(description), *to) : plural(description);
}

std::string list_type(const Description& list) {
  const std::string many = "list of " + types_of(*list.of);
  return list.one_alone ? fmt::format("{} or {}", type_of(*list.of), many) : many;
}

std::string type_of(const Description& description) {
  switch (description.kind) {
    case Kind::scalar: break;
    case Kind::list: return list_type(description);
    case Kind::map: return fmt::format("map of {}: {}", description.key_name, type_of(*description.of));
    case Kind::object:
    case Kind::keyed: return link(description.name, description);
    case Kind::reference: {
      const DescriptionPtr target = resolved(description.target());
      return has_section(*target) ? link(target->name, *target) : words_for(*target);
    }
    case Kind::anything: return description.name.empty() ? "anything" : description.name;
    case Kind::forms: {
      std::vector<std::string> types;
      for (const DescriptionPtr& form : description.forms)
        types.push_back(type_of(*form));
      return joined(types);
    }
  }
  if (description.scalar.placeholders == ScalarForm::Placeholders::kept) return description.name + " with `{{…}}`";
  if (description.scalar.words.empty()) return description.name;
  std::vector<std::string> words;
  for (const Word& word : description.scalar.words)
    words.push_back(code(word.text));
  return joined(words);
}

std::string example_of(const Field& field) {
  if (!field.examples.empty()) return field.examples.front();
  const Description& shape = *field.shape;
  return shape.examples.empty() ? std::string() : shape.examples.front();
}

std::string field_row(const Field& field) {
  const std::string fallback = field.required ? "required" : code(field.fallback);
  return fmt::format("| {} | {} | {} | {} | {} |\n", in_cell(code(field.key)), in_cell(type_of(*field.shape)),
                     in_cell(fallback), in_cell(about_key(field)), in_cell(code(example_of(field))));
}

std::string word_list(const Description& object) {
  std::string page;
  for (const Field& field : object.fields)
    for (const Word& word : field.shape->scalar.words)
      if (!word.about.empty()) page += fmt::format("- `{}: {}`: {}\n", field.key, word.text, word.about);
  return page.empty() ? page : "\n" + page;
}

std::string rule_sentence(const Rule& rule) {
  std::vector<std::string> keys;
  for (const std::string& key : rule.keys)
    keys.push_back(code(key));
  switch (rule.kind) {
    case Rule::Kind::exactly_one: return fmt::format("Exactly one of {} has to be given.", joined(keys, "and"));
    case Rule::Kind::at_most_one: return fmt::format("At most one of {} may be given.", joined(keys, "and"));
    case Rule::Kind::at_least_one: return fmt::format("At least one of {} has to be given.", joined(keys, "and"));
    case Rule::Kind::needs: break;
  }
  const std::string first = keys.front();
  keys.erase(keys.begin());
  return fmt::format("{} needs {} beside it.", first, joined(keys, "and"));
}

std::string object_table(const Description& object) {
  std::string page = "| key | value | default | about | example |\n|---|---|---|---|---|\n";
  for (const Field& field : object.fields)
    page += field_row(field);
  page += word_list(object);
  for (const Rule& rule : object.rules)
    page += "\n" + rule_sentence(rule) + "\n";
  return page;
}

std::string keyed_table(const Description& keyed) {
  std::string page = fmt::format("{} has one of these keys:\n\n| key | kind | about |\n|---|---|---|\n",
                                 capitalised(with_article(keyed.name)));
  for (const Alternative& each : keyed.alternatives) {
    const DescriptionPtr shape = resolved(each.shape);
    const std::string alone = each.bare ? fmt::format(" `{}` may stand alone, without a value.", each.key) : "";
    page += fmt::format("| {} | {} | {}{} |\n", code(each.key), type_of(*shape), in_cell(shape->about), alone);
  }
  return page;
}

std::string section(const Description& description) {
  std::string page = fmt::format("\n## {}\n\n", heading(description));
  if (!description.about.empty()) page += description.about + "\n\n";
  page += description.kind == Kind::object ? object_table(description) : keyed_table(description);
  for (const std::string& example : description.examples)
    page += fmt::format("\nFor example `{}`.\n", example);
  return page;
}

}  // namespace

std::string reference_page(const Description& root, std::string_view title, std::string_view introduction) {
  std::string page = fmt::format("# {}\n", title);
  if (!introduction.empty()) page += fmt::format("\n{}\n", introduction);
  const Sections sections(borrowed(root));
  std::set<std::string> written;  // shapes that were made twice have one table
  for (const DescriptionPtr& description : sections.all())
    if (std::string text = section(*description); written.insert(text).second) page += text;
  return page;
}

}  // namespace vajrapulse::schema
