#include "vajrapulse/report/result_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace vajrapulse::report {
namespace {

constexpr ErrorKind kCannotWrite{"cannot-write"};

std::unexpected<Error> cannot_write(const std::string& path, int error) {
  const std::string cure = error == ENOSPC   ? "free some space, or name a file on another disk"
                           : error == EACCES ? "choose a folder that you may write to"
                           : error == ENOENT ? "make its folder first"
                           : error == EISDIR ? "name a file in it"
                                             : "name another file";
  return fail(kCannotWrite, "cannot write " + path + ": " + std::strerror(error), cure);
}

/// Devices, pipes and the like have no place beside them to prepare a file in.
bool is_special(const std::string& path) {
  struct stat facts{};
  return stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode);
}

Status write_all(int fd, const std::string& text, const std::string& path) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = write(fd, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return cannot_write(path, errno);
    done += std::size_t(wrote);
  }
  return {};
}

Status write_directly(const std::string& path, const std::string& text) {
  const int fd = path == "-" ? dup(STDOUT_FILENO) : open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return cannot_write(path, errno);
  Status status = write_all(fd, text, path == "-" ? "standard output" : path);
  close(fd);
  return status;
}

Status write_by_temporary(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part." + std::to_string(getpid());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return cannot_write(path, errno);
  Status status = write_all(fd, text, path);
  if (status && fsync(fd) != 0 && errno != EINVAL) status = cannot_write(path, errno);
  if (close(fd) != 0 && status) status = cannot_write(path, errno);
  if (status && rename(temporary.c_str(), path.c_str()) != 0) status = cannot_write(path, errno);
  if (!status) unlink(temporary.c_str());
  return status;
}

}  // namespace

Status check_writable(const std::string& path) {
  if (path == "-") return {};
  struct stat facts{};
  if (stat(path.c_str(), &facts) != 0 && errno != ENOENT) return cannot_write(path, errno);
  if (S_ISDIR(facts.st_mode)) return cannot_write(path, EISDIR);
  if (is_special(path)) return access(path.c_str(), W_OK) == 0 ? Status{} : cannot_write(path, errno);
  if (access(path.c_str(), F_OK) == 0 && access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::string where = folder.empty() ? "." : folder.string();
  if (access(where.c_str(), W_OK | X_OK) != 0) return cannot_write(path, errno);
  return {};
}

Status write_text(const std::string& text, const std::string& path) {
  return path == "-" || is_special(path) ? write_directly(path, text) : write_by_temporary(path, text);
}

Status write_result(const engine::RunSummary& summary, const std::string& path) {
  return write_text(to_json(summary), path);
}

}  // namespace vajrapulse::report
