#include "vajrapulse/app/find_max.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "generator.hpp"
#include "outputs.hpp"
#include "shard_threads.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/rate_step.hpp"
#include "vajrapulse/app/signals.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/console/search.hpp"
#include "vajrapulse/engine/host_probe.hpp"
#include "vajrapulse/report/result_file.hpp"
#include "vajrapulse/report/search_file.hpp"

namespace vajrapulse::app {
namespace {

constexpr int kBatches = 16;  // of a step
constexpr Duration kLeastBatch = std::chrono::milliseconds(20);

/// Where a search is shown and written.
class SearchScreen {
 public:
  static Expected<SearchScreen> make(const RunOptions& options) {
    SearchScreen screen;
    for (const std::string& out : options.out) {
      auto target = out_target(out);
      if (!target) return std::unexpected(target.error());
      if (target->kind != "json") return fail(kUsage, "--out " + out + " is not for a search", "give json=FILE");
      if (auto status = report::check_writable(target->file); !status)
        return fail(kUsage, "--out " + out + ": " + status.error().message, status.error().cure);
      if (target->file == "-") screen.file_ = stderr;
      screen.json_files_.push_back(target->file);
    }
    screen.colour_ = wants_colour(options, screen.file_);
    screen.quiet_ = options.quiet;
    screen.redraws_ = can_redraw(screen.file_);
    return screen;
  }
  [[nodiscard]] console::Style style() const {
    return {.colour = colour_ ? console::Colour::on : console::Colour::off, .width = width_of(file_)};
  }
  void line(const std::string& text) const { write(quiet_ ? "" : text); }
  /// A line that the next one replaces; nothing where lines cannot be written over.
  void passing(const std::string& text) const { write(quiet_ || !redraws_ ? "" : "\r\033[K" + text); }
  void answer(const std::string& text) const { write(text); }
  [[nodiscard]] const std::vector<std::string>& json_files() const { return json_files_; }

 private:
  void write(const std::string& text) const {
    std::fputs(text.c_str(), file_);
    std::fflush(file_);
  }
  std::FILE* file_ = stdout;
  bool colour_ = false;
  bool quiet_ = false;
  bool redraws_ = false;
  std::vector<std::string> json_files_;
};

/// The steps of a search, one after another, on the control thread.
class Expedition {
 public:
  Expedition(search::Search& search, StepSettings settings, const SearchScreen& screen, runtime::Reactor& control,
             std::vector<runtime::Reactor*> shards, bool shards_by_rate)
      : search_(search),
        settings_(std::move(settings)),
        screen_(screen),
        control_(control),
        shards_(std::move(shards)),
        shards_by_rate_(shards_by_rate) {}

  Status conduct(Signals& signals) {
    signals.watch(control_, [this](int number) {
      signal_ = number;
      if (running_) running_->stop();
    });
    runtime::spawn(follow(signals));
    control_.run();
    return status_;
  }
  [[nodiscard]] int signal() const { return signal_; }
  [[nodiscard]] bool abandoned() const { return abandoned_; }

 private:
  runtime::Co<void> follow(Signals& signals) {
    while (const auto step = next()) {
      auto measuring = measure(*step);
      const bool goes_on = co_await measuring;
      if (!goes_on) break;
    }
    if (signal_ != 0) search_.stop();
    signals.forget();
    control_.stop();
  }

  std::optional<search::Step> next() { return signal_ != 0 ? std::nullopt : search_.next(); }

  runtime::Co<bool> measure(search::Step step) {
    screen_.passing("  measuring " + format_rate(step.rate) + " for " +
                    format_duration(Duration(std::llround(step.seconds * 1e9))) + " …");
    settings_.run.fail_fast = search_.steps() == 0;  // later a refusal is what the load has done
    running_ = std::make_unique<RateStep>(step, settings_, control_, shards_for(step.rate));
    auto running = running_->measure();
    auto seen = co_await running;
    abandoned_ = abandoned_ || running_->abandoned();
    running_.reset();
    screen_.passing("");
    if (signal_ != 0) co_return false;
    if (!seen) {
      status_ = std::unexpected(seen.error());
      co_return false;
    }
    search_.add(*seen);
    screen_.line(console::render_step(step, search_, screen_.style()));
    co_return true;
  }

  /// As few as carry it: those that are not needed cost wake-ups.
  [[nodiscard]] std::vector<runtime::Reactor*> shards_for(double rate) const {
    const double wanted = shards_by_rate_ ? std::ceil(rate / kRatePerShard) : double(shards_.size());
    const auto count = std::ptrdiff_t(std::clamp(wanted, 1.0, double(shards_.size())));
    return {shards_.begin(), shards_.begin() + count};
  }

  search::Search& search_;
  StepSettings settings_;
  const SearchScreen& screen_;
  runtime::Reactor& control_;
  std::vector<runtime::Reactor*> shards_;
  bool shards_by_rate_;
  std::unique_ptr<RateStep> running_;
  int signal_ = 0;
  bool abandoned_ = false;
  Status status_;
};

int exit_code_of(const search::Search& search, int signal) {
  if (signal != 0) return 128 + signal;
  switch (search.end().value_or(search::End::interrupted)) {
    case search::End::found:
    case search::End::most_rate: return 0;
    case search::End::generator: return 98;
    default: return 99;
  }
}

StepSettings step_settings(const FindMaxOptions& options, const FindMaxPlan& plan, const FindMaxJob& job) {
  StepSettings settings{.task = job.task,
                        .arrivals = plan.arrivals,
                        .max_in_flight = plan.max_in_flight,
                        .settle = plan.settle,
                        .batch = Duration(std::llround(plan.settings.step_s * 1e9 / kBatches)),
                        .run = {.name = job.name, .version = VAJRAPULSE_VERSION}};
  settings.batch = std::max(settings.batch, kLeastBatch);
  settings.run.seed = options.run.seed.value_or(fresh_seed());
  settings.run.strict = options.run.strict;
  return settings;
}

int show(const SearchScreen& screen, const search::Search& search, const report::SearchRun& run) {
  screen.answer(console::render_search(search, run.name, screen.style()));
  bool written = true;
  for (const std::string& file : screen.json_files()) {
    const auto status = report::write_text(report::to_json(search, run), file);
    if (!status) complain(status.error());
    written = written && status.has_value();
  }
  return written || run.exit_code > 128 ? run.exit_code : 1;
}

}  // namespace

int find_max(const FindMaxOptions& options, FindMaxJob job) {
  auto plan = make_find_max(options);
  if (!plan) return complain(plan.error());
  auto kind = io_kind(options.run.io);
  if (!kind) return complain(kind.error());
  if (auto status = check_shards(options.run.shards, job.most_shards, job.most_shards_why); !status)
    return complain(status.error());
  auto screen = SearchScreen::make(options.run);
  if (!screen) return complain(screen.error());

  raise_descriptor_limit();
  Signals signals;
  auto control = runtime::make_reactor(runtime::IoKind::epoll);
  if (!control) return complain(control.error(), 1);
  const std::size_t most = std::min(processors(), job.most_shards);
  auto shards = ShardThreads::start(options.run.shards.value_or(most), *kind);
  if (!shards) return complain(shards.error(), *kind == runtime::IoKind::automatic ? 1 : 2);
  const auto host = engine::make_host_probe();
  StepSettings settings = step_settings(options, *plan, job);
  settings.run.host = host.get();
  for (const std::string& note : plan->notes)
    screen->line("  " + note + "\n");

  search::Search search(plan->objectives, plan->settings);
  report::SearchRun run{.name = job.name,
                        .started_at = control->reactor->wall_now(),
                        .version = VAJRAPULSE_VERSION,
                        .io = std::string((*shards)->reactors().front()->name()),
                        .seed = settings.run.seed};
  Expedition expedition(search, std::move(settings), *screen, *control->reactor, (*shards)->reactors(),
                        !options.run.shards);
  const Status status = expedition.conduct(signals);
  if (!status) return complain(status.error(), status.error().kind == kUsage ? 2 : 1);
  signals.release();
  run.exit_code = exit_code_of(search, expedition.signal());
  const int exit_code = show(*screen, search, run);
  if (expedition.abandoned()) {  // what still runs on pool threads may yet speak to its shard
    std::fflush(nullptr);
    std::_Exit(exit_code);
  }
  return exit_code;
}

}  // namespace vajrapulse::app
