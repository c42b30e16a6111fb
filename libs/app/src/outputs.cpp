#include "outputs.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "junit_report.hpp"
#include "keyboard.hpp"
#include "keys.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/console/progress.hpp"
#include "vajrapulse/console/summary.hpp"
#include "vajrapulse/report/result_file.hpp"

namespace vajrapulse::app {

constexpr int kPlainWidth = 100;
constexpr int kNarrowest = 24;  // tables still have a column then

int width_of(std::FILE* screen) {
  winsize size{};
  if (ioctl(fileno(screen), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kPlainWidth;
  return std::clamp(int(size.ws_col), kNarrowest, 120);
}

bool wants_colour(const RunOptions& options, std::FILE* screen) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = options.no_color || (no_color != nullptr && *no_color != '\0');
  return !refused && isatty(fileno(screen)) == 1;
}

bool can_redraw(std::FILE* screen) {
  const char* terminal = std::getenv("TERM");
  return isatty(fileno(screen)) == 1 && (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

Expected<OutTarget> out_target(const std::string& out) {
  const std::size_t equals = out.find('=');
  OutTarget target{out.substr(0, equals), equals == std::string::npos ? "" : out.substr(equals + 1)};
  if ((target.kind != "json" && target.kind != "junit") || target.file.empty())
    return fail(kUsage, "--out " + out + " is unknown",
                "give json=FILE, json=- for standard output, or junit=FILE for the assertions");
  return target;
}

std::string text_of(const OutTarget& target, const engine::RunSummary& summary) {
  return target.kind == "json" ? report::to_json(summary) : junit_text(summary);
}

Expected<std::unique_ptr<Outputs>> Outputs::make(const RunOptions& options, const Job& job) {
  std::unique_ptr<Outputs> outputs(new Outputs);
  outputs->screen_ = stdout;
  for (const std::string& out : options.out) {
    auto target = out_target(out);
    if (!target) return std::unexpected(target.error());
    if (auto status = report::check_writable(target->file); !status)
      return fail(kUsage, "--out " + out + ": " + status.error().message, status.error().cure);
    if (target->file == "-") outputs->screen_ = stderr;
    outputs->targets_.push_back(std::move(*target));
  }
  outputs->colour_ = wants_colour(options, outputs->screen_);
  if (options.quiet) return outputs;
  std::FILE* screen = outputs->screen_;
  console::Output write = [screen](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), screen);
    std::fflush(screen);
  };
  if (can_redraw(screen)) {
    outputs->takes_keys_ = Keyboard::present();
    outputs->progress_ = std::make_unique<console::LiveView>(
        job.load_text + "  →  " + job.name, std::move(write), [self = outputs.get()] { return self->style(); },
        outputs->takes_keys_ ? keys_text(level_keys(job)) : "");
  } else {
    outputs->progress_ = std::make_unique<console::PlainProgress>(std::move(write));
  }
  return outputs;
}

console::Style Outputs::style() const {
  return {.colour = colour_ ? console::Colour::on : console::Colour::off, .width = width_of(screen_)};
}

std::vector<engine::RunObserver*> Outputs::observers() const {
  std::vector<engine::RunObserver*> observers;
  if (progress_) observers.push_back(progress_.get());
  return observers;
}

int Outputs::finish(engine::RunSummary& summary) {
  std::fputs(console::render_summary(summary, style()).c_str(), screen_);
  std::fflush(screen_);
  bool written = true;
  for (const OutTarget& target : targets_) {
    auto status = report::write_text(text_of(target, summary), target.file);
    if (status) continue;
    complain(status.error());
    written = false;
  }
  if (written || summary.exit_code == 2 || summary.exit_code > 128) return summary.exit_code;
  return 1;
}

}  // namespace vajrapulse::app
