#include "vajrapulse/document/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace vajrapulse::document {
namespace {

namespace fs = std::filesystem;

class DiskFiles final : public Files {
 public:
  [[nodiscard]] std::string absolute(const std::string& path) const override {
    std::error_code failure;
    return fs::absolute(path.empty() ? fs::path(".") : fs::path(path), failure).lexically_normal().string();
  }

  [[nodiscard]] Expected<std::string> resolved(const std::string& path) const override {
    std::error_code failure;
    auto real = fs::canonical(path.empty() ? fs::path(".") : fs::path(path), failure);
    if (failure) return fail(kUsage, fmt::format("cannot find '{}': {}", path, failure.message()), "check the name");
    return real.string();
  }

  [[nodiscard]] Expected<std::string> read(const std::string& path, std::size_t most) const override {
    std::error_code failure;
    if (!fs::is_regular_file(path, failure))
      return fail(kUsage, fmt::format("'{}' is no file that can be read", path), "name a file");
    const auto size = fs::file_size(path, failure);
    if (!failure && size > most)
      return fail(kUsage,
                  fmt::format("'{}' has {} MiB, more than the {} MiB that are read", path, size >> 20, most >> 20),
                  "keep data in files of their own, which may be of any size");
    std::ifstream stream(path, std::ios::binary);
    std::string text(std::size_t(size), '\0');
    stream.read(text.data(), std::streamsize(text.size()));
    if (!stream) return fail(kUsage, fmt::format("cannot read '{}'", path), "check who may read it");
    return text;
  }
};

bool lies_in(std::string_view path, std::string_view folder) noexcept {
  while (folder.size() > 1 && folder.ends_with('/'))
    folder.remove_suffix(1);
  if (folder == "/" || path == folder) return true;
  return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
}

}  // namespace

std::shared_ptr<const Files> disk_files() { return std::make_shared<DiskFiles>(); }

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().string(); }

FileAccess::FileAccess(std::shared_ptr<const Files> files, std::string root, std::vector<std::string> allowed)
    : files_(std::move(files)), root_(std::move(root)), allowed_(std::move(allowed)) {}

bool FileAccess::allows(std::string_view path, bool resolved) const {
  const auto within = [&](const std::string& folder) {
    if (!resolved) return lies_in(path, files_->absolute(folder));
    const auto real = files_->resolved(folder);
    return real && lies_in(path, *real);
  };
  return within(root_) || std::ranges::any_of(allowed_, within);
}

Expected<FileAccess::Found> FileAccess::find(const std::string& written, const std::string& folder) const {
  if (written.empty() || written.find('\0') != written.npos)
    return fail(kUsage, fmt::format("'{}' is no name of a file", written.substr(0, written.find('\0'))), "name a file");
  const auto name = (fs::path(folder) / written).lexically_normal().string();
  const auto leads_out = [&] {
    return fail(kUsage, fmt::format("'{}' lies outside of the plan's folder", written),
                fmt::format("move it there, or allow it with --allow-path {}", name));
  };
  if (!allows(files_->absolute(name), false)) return leads_out();
  auto real = files_->resolved(name);
  if (!real) return std::unexpected(std::move(real).error());
  if (!allows(*real, true)) return leads_out();
  return Found{name, std::move(*real)};
}

}  // namespace vajrapulse::document
