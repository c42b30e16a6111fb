#include "harness.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <fcntl.h>

namespace vajrapulse::integration {
namespace {

/// A plain blocking socket.
class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool connects(std::uint16_t port) {
  const Socket socket;
  const sockaddr_in address = loopback(port);
  return ::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

constexpr std::string_view kNginxConfiguration = R"(
daemon off;
master_process off;
pid FOLDER/nginx.pid;
error_log FOLDER/error.log warn;
events { worker_connections 512; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi;
  scgi_temp_path FOLDER/scgi;
  gzip_types *;
  gzip_min_length 1;
  server {
    listen 127.0.0.1:PORT;
    root FOLDER/www;
    location = / { return 200 "hello from nginx\n"; }
    location = /nginx_status { stub_status; }
    location = /moved { return 301 /; }
    location = /missing { return 404; }
    location = /empty { return 204; }
    location = /closes { keepalive_timeout 0; return 200 "closing\n"; }
    location /compressed/ { alias FOLDER/www/; gzip on; }
  }
}
)";

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::uint64_t number_after(const std::string& text, std::size_t at) {
  return std::strtoull(text.c_str() + at, nullptr, 10);
}

}  // namespace

void give_up(const std::string& step) {
  std::fprintf(stderr, "integration: %s took longer than %lld s: it hangs\n", step.c_str(),
               static_cast<long long>(kStepLimit.count()));
  std::abort();
}

ReactorThread::ReactorThread(runtime::IoKind kind) {
  std::promise<runtime::Reactor*> made;
  auto reactor = made.get_future();
  thread_ = std::thread([kind, &made] {
    auto choice = runtime::make_reactor(kind);
    if (!choice) {
      std::fprintf(stderr, "integration: %s\n", choice.error().text().c_str());
      std::abort();
    }
    runtime::Reactor& mine = *choice->reactor;
    made.set_value(&mine);
    mine.run();
  });
  reactor_ = reactor.get();
}

ReactorThread::~ReactorThread() {
  reactor_->stop();
  thread_.join();
}

DemoHost::DemoHost(runtime::IoKind kind, http::DemoSettings settings) : thread_(kind) {
  thread_.call([&](runtime::Reactor& reactor) {
    server_ = std::make_unique<http::DemoServer>(reactor, std::move(settings));
    const Status started = server_->start();
    if (!started) {
      std::fprintf(stderr, "integration: %s\n", started.error().text().c_str());
      std::abort();
    }
    address_ = server_->address();
    origin_ = server_->url();
    origin_.pop_back();
  });
}

DemoHost::~DemoHost() {
  thread_.await([this](runtime::Reactor&) { return server_->stop(std::chrono::milliseconds(200)); });
  thread_.call([this](runtime::Reactor&) { server_.reset(); });
}

http::ServerCounts DemoHost::counts() {
  return thread_.call([this](runtime::Reactor&) { return server_->counts(); });
}

std::uint64_t DemoHost::requests_to(std::string_view endpoint) {
  return thread_.call([this, endpoint](runtime::Reactor&) { return server_->requests_to(endpoint); });
}

std::vector<http::StallRecord> DemoHost::stalls() {
  return thread_.call([this](runtime::Reactor&) { return server_->stalls(); });
}

void DemoHost::wait_for(const std::function<bool(const http::ServerCounts&)>& so) {
  constexpr int kTriesMax = 5'000;
  for (int i = 0; i < kTriesMax; ++i) {
    if (so(counts())) return;
    ::poll(nullptr, 0, 1);
  }
  give_up("waiting for the demo server's counts");
}

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "vajrapulse-XXXXXX";
  if (!::mkdtemp(name.data())) give_up("making a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Process::Process(const std::vector<std::string>& arguments, const std::filesystem::path& output) {
  std::vector<char*> argv;
  for (const std::string& each : arguments)
    argv.push_back(const_cast<char*>(each.c_str()));
  argv.push_back(nullptr);
  const int out = ::open(output.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(out);
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 200; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) return;
    ::poll(nullptr, 0, 10);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Process::running() const { return pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0; }

std::unique_ptr<Nginx> Nginx::start() {
  constexpr const char* kProgram = "/usr/sbin/nginx";
  if (::access(kProgram, X_OK) != 0) return nullptr;
  std::unique_ptr<Nginx> nginx(new Nginx);
  const std::string folder = nginx->folder_.path();
  std::filesystem::create_directory(nginx->root());
  std::filesystem::permissions(folder, std::filesystem::perms(0755));
  nginx->port_ = free_port();
  std::string text = replaced(std::string(kNginxConfiguration), "FOLDER", folder);
  text = replaced(text, "PORT", std::to_string(nginx->port_));
  const std::string configuration = folder + "/nginx.conf";
  std::ofstream(configuration) << text;
  nginx->process_ = Process({kProgram, "-p", folder, "-c", configuration}, folder + "/output.log");
  for (int i = 0; i < 500 && !connects(nginx->port_); ++i) {
    if (!nginx->process_.running()) give_up("nginx ended at its start; what");
    ::poll(nullptr, 0, 10);
  }
  return nginx;
}

Nginx::Counts Nginx::counts() const {
  const std::string text =
      exchange(port_, "GET /nginx_status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  // "server accepts handled requests\n 1 2 3 \n"
  constexpr std::string_view kBefore = "requests\n";
  const std::size_t at = text.find(kBefore);
  if (at == text.npos) return {};
  const std::size_t accepted = at + kBefore.size() + 1;
  const std::size_t handled = text.find(' ', accepted) + 1;
  const std::size_t requests = text.find(' ', handled) + 1;
  return {number_after(text, accepted), number_after(text, handled), number_after(text, requests)};
}

std::uint16_t free_port() {
  const Socket socket;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.fd(), raw, size) != 0 || ::getsockname(socket.fd(), raw, &size) != 0)
    give_up("finding a free port");
  return ntohs(address.sin_port);
}

std::string exchange(std::uint16_t port, std::string_view request) {
  const Socket socket;
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const sockaddr_in address = loopback(port);
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  if (::send(socket.fd(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
  std::string got;
  char buffer[16 * 1024];
  for (ssize_t n = 0; (n = ::recv(socket.fd(), buffer, sizeof buffer, 0)) > 0;)
    got.append(buffer, static_cast<std::size_t>(n));
  return got;
}

std::string_view name_of(runtime::IoKind kind) { return kind == runtime::IoKind::io_uring ? "io_uring" : "epoll"; }

}  // namespace vajrapulse::integration
