#include "mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vajrapulse::data {
namespace {

std::size_t page() {
  static const auto size = std::size_t(sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t whole_pages(std::size_t bytes) { return (bytes + page() - 1) / page() * page(); }

struct File {
  explicit File(const std::string& path) : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor >= 0) ::close(descriptor);
  }
  int descriptor;
};

std::unexpected<Error> cannot(const std::string& path, int error) {
  return fail(kUsage, "cannot read " + path + ": " + std::strerror(error),
              error == ENOENT ? "check the path" : "check the file's permissions");
}

}  // namespace

/// One page more than the file has: blocks may be read beyond its end.
std::size_t Mapping::reserved(std::size_t size) { return whole_pages(size) + page(); }

Expected<Mapping> Mapping::of_file(const std::string& path) {
  const File file(path);
  struct stat status{};
  if (file.descriptor < 0 || ::fstat(file.descriptor, &status) != 0) return cannot(path, errno);
  if (!S_ISREG(status.st_mode)) return fail(kUsage, path + " is no file", "name a file of rows");
  if (status.st_size == 0) return fail(kUsage, path + " is empty", "write rows to it");
  const auto size = std::size_t(status.st_size);
  void* begin = ::mmap(nullptr, reserved(size), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (begin == MAP_FAILED) return cannot(path, errno);
  Mapping mapping(static_cast<char*>(begin), size);
  if (::mmap(begin, size, PROT_READ, MAP_SHARED | MAP_FIXED, file.descriptor, 0) == MAP_FAILED)
    return cannot(path, errno);
  return mapping;
}

Expected<Mapping> Mapping::of_text(std::string_view text) {
  void* begin = ::mmap(nullptr, reserved(text.size()), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (begin == MAP_FAILED) return cannot("a text", errno);
  std::ranges::copy(text, static_cast<char*>(begin));
  return Mapping(static_cast<char*>(begin), text.size());
}

Mapping::~Mapping() {
  if (begin_) ::munmap(begin_, reserved(size_));
}

void Mapping::reads_forward() const { ::madvise(begin_, size_, MADV_SEQUENTIAL); }

void Mapping::needs(std::size_t begin, std::size_t end) const {
  begin = begin / page() * page();
  end = std::min(end, size_);
  if (begin < end) ::madvise(begin_ + begin, end - begin, MADV_WILLNEED);
}

void Mapping::let_go(std::size_t begin, std::size_t end) const {
  begin = whole_pages(begin);
  end = std::min(end, size_) / page() * page();
  if (begin < end) ::madvise(begin_ + begin, end - begin, MADV_DONTNEED);
}

}  // namespace vajrapulse::data
