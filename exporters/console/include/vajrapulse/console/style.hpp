#pragma once

#include <functional>
#include <string_view>

namespace vajrapulse::console {

enum class Colour { off, on };

/// How text is to look; decided by the composition root, which knows the terminal and NO_COLOR.
struct Style {
  Colour colour = Colour::off;
  int width = 100;  ///< columns; 60 at least
};

/// Where text goes.
using Output = std::function<void(std::string_view)>;

}  // namespace vajrapulse::console
