#pragma once

#include <filesystem>
#include <string>

namespace vajrapulse::faults {

/// A certificate authority and what it signed, good and bad, as PEM files that last as long as this.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] std::string authority() const { return file("ca"); }
  [[nodiscard]] std::string good() const { return file("good"); }
  [[nodiscard]] std::string wrong_name() const { return file("wrong-name"); }
  [[nodiscard]] std::string expired() const { return file("expired"); }
  [[nodiscard]] std::string self_signed() const { return file("self-signed"); }

 private:
  [[nodiscard]] std::string file(const std::string& name) const { return (folder_ / (name + ".pem")).string(); }
  std::filesystem::path folder_;
};

}  // namespace vajrapulse::faults
