#include "vajrapulse/app/command_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "adaptive.hpp"
#include "replay.hpp"
#include "vajrapulse/base/text.hpp"

namespace vajrapulse::app {
namespace {

constexpr std::size_t kOptionColumn = 30;
constexpr std::size_t kWidth = 100;

/// Breaks `text` at blanks so that no line passes `width`, indenting all but the first by `indent`.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::size_t length = end - at;
    if (column > indent && column + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out.append(text, at, length);
    column += length;
    at = end + 1;
  }
  return out;
}

/// One line an option: names, what it takes, what it does. CLI11's own formatter neither wraps nor hides
/// type names such as TEXT.
class HouseFormatter : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool positional) const override {
    std::string left = "  " + (positional ? option->get_name(true) : option->get_name(false, true));
    for (std::size_t comma = left.find(','); comma != std::string::npos; comma = left.find(',', comma + 2))
      left.insert(comma + 1, " ");
    const std::string type = option->get_option_text().empty() ? option->get_type_name() : option->get_option_text();
    if (!positional && option->get_type_size() != 0) left += " " + type;
    const std::string gap = left.size() + 2 > kOptionColumn ? "\n" + std::string(kOptionColumn, ' ')
                                                            : std::string(kOptionColumn - left.size(), ' ');
    return left + gap + wrapped(option->get_description(), kOptionColumn, kWidth) + "\n";
  }
  /// CLI11 leaves two empty lines between groups.
  std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override {
    std::string help = CLI::Formatter::make_help(command, std::move(name), mode);
    for (std::size_t at = help.find("\n\n\n"); at != std::string::npos; at = help.find("\n\n\n", at))
      help.erase(at, 1);
    return help;
  }
  std::string make_subcommand(const CLI::App* command) const override {
    const std::string left = "  " + command->get_name();
    return left + std::string(left.size() < 18 ? 18 - left.size() : 1, ' ') + command->get_description() + "\n";
  }
  std::string make_usage(const CLI::App* command, std::string name) const override {
    std::string usage = "Usage: " + (name.empty() ? command->get_name() : name);
    if (!command->get_subcommands([](const CLI::App*) { return true; }).empty()) usage += " COMMAND";
    for (const CLI::Option* option : command->get_options([](const CLI::Option* o) { return o->get_positional(); }))
      usage += " " + option->get_name(true) + (option->get_items_expected_max() > 1 ? "…" : "");
    return usage + " [OPTIONS]\n\n";
  }
};

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  return names;
}

const CLI::App& deepest(const CLI::App& command) {
  const auto chosen = command.get_subcommands();
  return chosen.empty() ? command : deepest(*chosen.front());
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

/// "vajrapulse find-max http": what a person types to come here.
std::string path_of(const CLI::App& command) {
  return (command.get_parent() ? path_of(*command.get_parent()) + " " : "") + command.get_name();
}

Error explain_extra(const CLI::App& root, const std::string& word) {
  const CLI::App& command = deepest(root);
  const std::string help = path_of(command) + " --help";
  const bool option = word.starts_with("-");
  const std::string bare = word.substr(0, word.find('='));
  const std::vector<std::string> known = option ? option_names(command) : command_names(command);
  if (std::ranges::find(known, bare) != known.end())
    return Error{kUsage, bare + " stands behind a '--', where nothing is an option", "write it in front of the '--'"};
  const auto near = nearest(bare, known);
  std::string cure = near ? "did you mean " + *near + "? " : "";
  return Error{kUsage, option ? "unknown option " + bare : "unknown argument '" + bare + "'",
               cure + help + " lists what there is"};
}

bool takes_nothing(const CLI::Option& option) { return option.get_type_size() == 0; }

/// What is wrong with `text` as a value of an option of `type`; empty when nothing is. CLI11 itself takes -1 for
/// the largest number there is, and an empty value for no value.
std::string fault_of(const std::string& type, const std::string& text) {
  if (text.empty()) return type == kMayBeEmpty ? "" : "its value is empty; give one, or leave the option out";
  const char* const end = text.data() + text.size();
  if (type == "UINT") {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end) return {};
    return "'" + text + "' is no whole number from 0 to 18446744073709551615; give for example 64";
  }
  if (type == "FLOAT") {
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return "'" + text + "' is no number; give for example 0.01";
  }
  return {};
}

void check_values(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (takes_nothing(*option)) continue;
    const std::string type = option->get_type_name().substr(0, option->get_type_name().find(':'));
    option->check([type](const std::string& text) { return fault_of(type, text); });
  }
  for (CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    check_values(*sub);
}

/// CLI11's own sentences are for programmers: "--tps: At Most 1 required but received 2".
Error explain(const CLI::App& command, const CLI::ParseError& error) {
  const CLI::App& at = deepest(command);
  const std::string help = path_of(at) + " --help shows how";
  const std::string text = error.what();
  const std::string option = text.substr(0, text.find(':'));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return text.find("received") != std::string::npos
               ? Error{kUsage, option + " is given more than once", "give it once"}
               : Error{kUsage, option + " lacks its value", help};
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    const std::size_t word = text.find(" excludes ");
    return {kUsage, text.substr(0, word) + " and " + text.substr(word + 10) + " exclude each other",
            "give one of them"};
  }
  return {kUsage, text, dynamic_cast<const CLI::ValidationError*>(&error) != nullptr ? "" : help};
}

/// What a closed descriptor 0 to 2 would otherwise become: the next socket, with the summary written into it.
void keep_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (fcntl(fd, F_GETFD) == -1 && errno == EBADF) static_cast<void>(open("/dev/null", O_RDWR));
}

/// An earlier flush met the broken pipe, and then says no more why.
bool reader_is_gone() {
  pollfd out{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/// `exit_code`, or 1 when what was printed did not arrive. A reader that has seen enough (`| head`) is no failure.
int with_output_checked(int exit_code) {
  errno = 0;
  std::cout.flush();
  const bool lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout;
  if (!lost || errno == EPIPE || reader_is_gone() || exit_code == 2 || exit_code > 128) return exit_code;
  const std::string why = errno != 0 ? std::string(": ") + std::strerror(errno) : "";
  return complain({kUsage, "cannot write to standard output" + why, "write to a file on a disk with room"}, 1);
}

int parse_and_act(CLI::App& command, int argc, char** argv, const std::function<int()>& act) {
  try {
    check_values(command);
    command.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return command.exit(wanted);
  } catch (const CLI::ExtrasError& error) {
    const auto extras = command.remaining(true);
    return complain(explain_extra(command, extras.empty() ? std::string(error.what()) : extras.front()));
  } catch (const CLI::ParseError& error) {
    return complain(explain(command, error));
  }
  try {
    return act();
  } catch (const std::exception& error) {
    return complain({kUsage, error.what(), "this should not happen: please report it, with the command"}, 1);
  }
}

}  // namespace

void style_help(CLI::App& command, const std::string& examples) {
  command.formatter(std::make_shared<HouseFormatter>());
  command.set_help_flag("-h,--help", "Show this help");
  if (!examples.empty()) command.footer("Examples:\n" + examples);
}

void add_load_options(CLI::App& command, LoadOptions& load) {
  command
      .add_option("--tps,--rate", load.tps, "Open model: iterations a second, whatever the target does (1000, 90/m)")
      ->option_text("RATE")
      ->group("Load");
  command
      .add_option("--users", load.closed.users,
                  "Closed model: users, each waiting for its answer before it goes on; A..B: a ramp of users")
      ->option_text("N|A..B")
      ->group("Load");
  command
      .add_option("--ramp-users", load.closed.ramp_users,
                  "How long the ramp of users takes, from 0 when --users is one number (default: the whole load)")
      ->option_text("TIME")
      ->group("Load");
  command
      .add_option("--think", load.closed.think,
                  "How long a user does nothing after each answer; A..B: at random between the two, from the seed")
      ->option_text("TIME|A..B")
      ->group("Load");
  command
      .add_option("--pacing", load.closed.pacing,
                  "A user begins once every TIME, however long answers take; the wait for its turn counts")
      ->option_text("TIME")
      ->group("Load");
  command.add_option("--load", load.load, "Open model, rate over time: 'ramp 0..1000/s 10s, hold 30s'")
      ->option_text("PATTERN")
      ->group("Load");
  add_replay_options(command, load.replay);
  command.add_option("--duration", load.duration, "How long to measure (default 10s, or as long as --load says)")
      ->option_text("TIME")
      ->group("Load");
  command.add_option("--iterations", load.iterations, "End after this many iterations")
      ->option_text("N")
      ->group("Load");
  command.add_option("--warmup", load.warmup, "Send this long before measuring; kept out of the results")
      ->option_text("TIME")
      ->group("Load");
  command.add_option("--cooldown", load.cooldown, "Go on this long after measuring; kept out of the results")
      ->option_text("TIME")
      ->group("Load");
  command
      .add_option("--drain-timeout,--drain", load.drain_timeout,
                  "Wait this long at the end for what is in flight, then cancel it (default 5s)")
      ->option_text("TIME")
      ->group("Load");
  command
      .add_option("--force-timeout", load.force_timeout,
                  "Wait this long for what is cancelled, then give it up (default 10s)")
      ->option_text("TIME")
      ->group("Load");
  command
      .add_option("--max-in-flight", load.max_in_flight, "Most iterations at once in the open model (default 10000)")
      ->option_text("N")
      ->group("Load");
  command.add_option("--on-limit", load.on_limit, "At that limit: queue (the wait counts) or drop (counted)")
      ->option_text("queue|drop")
      ->group("Load");
  command.add_option("--arrivals", load.arrivals, "Spacing of starts: even, or poisson (random, from the seed)")
      ->option_text("even|poisson")
      ->group("Load");
  command
      .add_option("--slack", load.slack,
                  "Arrivals may start up to TIME late, several at once: less CPU; it counts as lag (default 0)")
      ->option_text("TIME")
      ->group("Load");
  add_adaptive_options(command, load.adaptive);
  add_pattern_options(command, load.pattern);
}

void add_run_options(CLI::App& command, RunOptions& options) {
  add_load_options(command, options.load);
  add_generator_options(command, options);
}

void add_generator_options(CLI::App& command, RunOptions& options) {
  command
      .add_option("--shards", options.shards,
                  "Threads that send, each with its own connections (default: as few as do)")
      ->option_text("N")
      ->group("Generator");
  command.add_option("--io", options.io, "Kernel interface; one named by hand fails rather than falls back")
      ->option_text("auto|io_uring|epoll")
      ->group("Generator");
  command
      .add_option("--seed", options.seed, "Same seed, same random choices (default: a new one, shown in the result)")
      ->option_text("N")
      ->group("Generator");

  command.add_option("--out", options.out, "Write the result: json=FILE, or json=- for standard output")
      ->option_text("KIND=WHERE")
      ->group("Output");
  command.add_flag("--strict", options.strict, "Exit 98 when the verdict is DEGRADED, not only when INVALID")
      ->group("Output");
  command.add_flag("--quiet", options.quiet, "No progress, only the summary")->group("Output");
  command.add_flag("--no-color", options.no_color, "No colours (NO_COLOR in the environment does the same)")
      ->group("Output");
}

int complain(const Error& error, int exit_code) {
  std::fprintf(stderr, "vajrapulse: %s\n", error.text().c_str());
  return exit_code;
}

int parse_and_run(CLI::App& command, int argc, char** argv, const std::function<int()>& act) {
  keep_standard_descriptors();
  return with_output_checked(parse_and_act(command, argc, argv, act));
}

}  // namespace vajrapulse::app
