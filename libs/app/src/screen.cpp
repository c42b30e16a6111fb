#include "screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace vajrapulse::app {

int width_of(std::FILE* screen, int otherwise) {
  constexpr int kNarrowest = 24;  // tables still have a column then
  constexpr int kWidest = 120;
  winsize size{};
  if (ioctl(fileno(screen), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return otherwise;
  return std::clamp(int(size.ws_col), kNarrowest, kWidest);
}

console::Colour colour_of(std::FILE* screen, bool refused) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool off = refused || (no_color != nullptr && *no_color != '\0') || isatty(fileno(screen)) != 1;
  return off ? console::Colour::off : console::Colour::on;
}

}  // namespace vajrapulse::app
