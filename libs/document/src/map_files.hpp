#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "vajrapulse/document/files.hpp"

namespace vajrapulse::document {

/// Files of a test: in the folder /w, whatever the disk has. A text that begins with "-> " is a symlink.
class MapFiles final : public Files {
 public:
  explicit MapFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  [[nodiscard]] std::string absolute(const std::string& path) const override {
    auto normal = (std::filesystem::path("/w") / path).lexically_normal().string();
    if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
    return normal;
  }

  [[nodiscard]] Expected<std::string> resolved(const std::string& path) const override {
    const auto whole = absolute(path);
    const auto found = files_.find(whole);
    if (found != files_.end() && found->second.starts_with("-> ")) return found->second.substr(3);
    for (const auto& [name, text] : files_)
      if (name.starts_with(whole)) return whole;
    return fail(kUsage, "cannot find '" + path + "'", "check the name");
  }

  [[nodiscard]] Expected<std::string> read(const std::string& path, std::size_t) const override {
    const auto whole = resolved(path);
    const auto found = whole ? files_.find(*whole) : files_.end();
    if (found == files_.end()) return fail(kUsage, "cannot find '" + path + "'", "check the name");
    return found->second;
  }

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace vajrapulse::document
