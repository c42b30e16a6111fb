#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::document {

/// How files are found and read: those of the disk, or a map of them in a test.
class Files {
 public:
  virtual ~Files() = default;
  /// The path from the root of all paths, without `.` and `..`, whether the file is there or not; follows no symlink.
  [[nodiscard]] virtual std::string absolute(const std::string& path) const = 0;
  /// The same with every symlink followed. Fails when there is no such file or folder.
  [[nodiscard]] virtual Expected<std::string> resolved(const std::string& path) const = 0;
  /// The whole of a regular file of at most `most` bytes.
  [[nodiscard]] virtual Expected<std::string> read(const std::string& path, std::size_t most) const = 0;
};

/// Those of the disk.
[[nodiscard]] std::shared_ptr<const Files> disk_files();

/// Which files a plan may name: those in its folder, and those that `--allow-path` allows.
class FileAccess {
 public:
  struct Found {
    std::string name;      ///< as people call it: relative, when the plan was named so
    std::string resolved;  ///< the same for the same file
  };

  /// `root`: the plan's folder ("" is the current one); `allowed`: more files and folders.
  FileAccess(std::shared_ptr<const Files> files, std::string root, std::vector<std::string> allowed = {});

  /// The file that `written` means in a file in `folder`. Refuses what leads out (by `..`, from the root, through a
  /// symlink) with a sentence that names the flag; what lies outside is not even looked for.
  [[nodiscard]] Expected<Found> find(const std::string& written, const std::string& folder) const;
  [[nodiscard]] const Files& files() const noexcept { return *files_; }
  [[nodiscard]] const std::string& root() const noexcept { return root_; }

 private:
  [[nodiscard]] bool allows(std::string_view absolute, bool resolved) const;

  std::shared_ptr<const Files> files_;
  std::string root_;
  std::vector<std::string> allowed_;
};

/// The folder of a path; "" for a bare name.
[[nodiscard]] std::string folder_of(const std::string& path);

}  // namespace vajrapulse::document
